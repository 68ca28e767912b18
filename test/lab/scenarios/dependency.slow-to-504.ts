import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { setPayments } from '../faults/payments.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The payment service takes four seconds, and nginx waits no longer than two for the app.',
  because:
    'nginx says 504 of its own for an app that is late, and the app is late because payments are, seen from every host.',
  service: 'shop',
  users: [504],
  inject: (lab) => {
    lab.web.forEach((host) => addToNginx(host, ['proxy_read_timeout 2s;']));
    setPayments(lab, 'slow 4');
  },
  heal: (lab) => {
    setPayments(lab, 'ok');
    lab.web.forEach(removeFromNginx);
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    root: 'dependency-slow',
    hop: 'proxy',
    notSaid: ['not-started', 'deployment', 'database-connections'],
  },
});
