import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The payment service sends the head of its answer at once and the body never.',
  because:
    'Each page waits eight seconds for the rest and gives up: "timed out". The port, the handshake and the status are all well.',
  service: 'shop',
  users: [0, 503, 504],
  settleSeconds: 8,
  inject: ({ host }) =>
    void host('pay-1').sh(
      `cp -p /srv/payments/server.py /root/server.kept; sed -i 's/self.wfile.write(body)/self.wfile.flush(); time.sleep(60)/' /srv/payments/server.py; systemctl restart payments`,
    ),
  heal: (lab) => {
    lab.host('pay-1').sh('mv -f /root/server.kept /srv/payments/server.py; systemctl restart payments');
    lab.web.forEach((host) => startAnew(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['dependency-slow', 'dependency-unreachable', 'dependency-failing', 'app-blames-dependency'],
    notSaid: ['database-connections', 'deployment', 'not-started'],
  },
});
