import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { setPayments } from '../faults/payments.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'nginx shows a maintenance page to everybody but the health check, and the payment service behind answers 500.',
  because:
    'nginx says 503 of its own, on purpose, and without it users would still get no page: both must be said.',
  service: 'shop',
  users: [503],
  inject: (lab) => {
    setPayments(lab, 'status 500');
    lab.web.forEach((host) => addToNginx(host, ['if ($uri != /health/) { return 503; }']));
  },
  heal: (lab) => {
    setPayments(lab, 'ok');
    lab.web.forEach(removeFromNginx);
  },
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    root: 'maintenance-mode',
    hop: 'proxy',
    found: ['dependency-failing'],
  },
});
