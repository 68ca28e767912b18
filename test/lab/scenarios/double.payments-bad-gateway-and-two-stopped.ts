import { setPayments } from '../faults/payments.js';
import { defineScenario } from '../scenario.js';

const STOPPED = ['web-1', 'web-2'] as const;

export default defineScenario({
  fault:
    'Somebody stopped the shop on web-1 and web-2 for an upgrade of the kernel and forgot it; web-3 serves alone, and the payment service began to answer 502.',
  because:
    'web-3 is up and takes every request; its pages are 503 for "payments: HTTP Error 502: Bad Gateway", and the service says 502 to whoever asks. To start the other two would bring nobody back; that they are stopped must be said beside it.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: (lab) => {
    STOPPED.forEach((name) => lab.host(name).run('systemctl', 'stop', 'shop'));
    setPayments(lab, 'status 502');
  },
  heal: (lab) => {
    setPayments(lab, 'ok');
    STOPPED.forEach((name) => lab.host(name).run('systemctl', 'start', 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['dependency-failing', 'app-refused-by-dependency', 'app-blames-dependency'],
    hop: 'app',
    found: ['unit-inactive'],
    notSaid: ['database-connections', 'overload', 'deployment', 'deliberate', 'routing'],
  },
});
