import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    "The balancer's check asks by OPTIONS since its last change; nginx lets only GET through to that page.",
  because:
    'All members are DOWN with L7STS 403, while the same page by GET is 200 on every host, and so is every other.',
  service: 'shop',
  users: [503],
  settleSeconds: 12,
  inject: (lab) => {
    lab.web.forEach((host) =>
      addToNginx(host, [
        'location = /health/ {',
        'limit_except GET { deny all; }',
        'proxy_set_header Host $host;',
        'proxy_pass http://127.0.0.1:8000;',
        '}',
      ]),
    );
    changeBalancer(lab, '/^backend shop/,/^backend desk/s/meth GET/meth OPTIONS/');
  },
  heal: (lab) => {
    restoreBalancer(lab);
    lab.web.forEach(removeFromNginx);
  },
  expect: {
    status: 'cause-found',
    cause: 'health-check',
    confidence: ['confirmed', 'likely'],
    root: ['member-down-though-healthy', 'health-endpoint-misplaced'],
    hop: 'balancer',
    notSaid: ['not-started', 'routing', 'overload', 'deliberate', 'dependency', 'deployment'],
  },
});
