import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'A nightly job whose unit conflicts with that of the app was started by day on every host.',
  because:
    'systemd stops the app for the job: cleanly, "Stopping" and "Stopped", and nothing starts it again.',
  service: 'desk',
  users: [503],
  inject: ({ web }) =>
    web.forEach((host) =>
      host.sh(`printf '[Unit]\\nConflicts=desk.service\\n[Service]\\nExecStart=/bin/sleep 900\\n' >/etc/systemd/system/reindex.service
        systemctl daemon-reload; systemctl start reindex`),
    ),
  heal: ({ web }) =>
    web.forEach((host) =>
      host.sh(
        'systemctl stop reindex; rm -f /etc/systemd/system/reindex.service; systemctl daemon-reload; systemctl start desk',
      ),
    ),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed'],
    root: ['unit-inactive', 'unit-stopping'],
    hop: 'balancer',
    notSaid: ['deployment', 'dependency', 'overload'],
  },
});
