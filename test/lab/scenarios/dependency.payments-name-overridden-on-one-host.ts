import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A test left a line in /etc/hosts of web-2 that leads the name of the payment service to web-2 itself.',
  because:
    'A third of the pages fail, all on web-2: from there the name leads to a port that refuses, from elsewhere to the service, which is well.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 6,
  inject: ({ host }) => void host('web-2').sh("echo '127.0.0.1 payments.lab.test' >>/etc/hosts"),
  heal: ({ host }) => void host('web-2').sh('sed -i /payments.lab.test/d /etc/hosts'),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: ['dependency-unreachable', 'app-blames-dependency'],
    notSaid: ['database-connections', 'overload', 'deployment', 'not-started', 'health-check'],
  },
});
