import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'A monitoring exporter was installed on every host and took port 9100 while the desk was restarted.',
  because:
    'The unit says "Connection in use" and ends; what answers 404 to the health check on the port is another program, so the 404 tells nothing of the check.',
  service: 'desk',
  users: [503],
  settleSeconds: 10,
  inject: ({ web }) =>
    web.forEach((host) =>
      host.sh(`systemctl stop desk
        systemd-run -q --collect --unit=node-exporter python3 -m http.server 9100 --directory /mnt
        sleep 0.5; systemctl start --no-block desk`),
    ),
  heal: ({ web }) =>
    web.forEach((host) => {
      host.sh('systemctl stop node-exporter || :');
      startAnew(host, 'desk');
    }),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    hop: 'balancer',
    notSaid: ['routing', 'deployment', 'overload', 'dependency'],
  },
});
