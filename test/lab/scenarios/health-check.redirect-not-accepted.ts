import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'nginx redirects the health page to https, and the balancer takes only 200 for an answer.',
  because:
    'All members are DOWN with L7STS 302 while every host serves real requests: the check is asked in the wrong way.',
  service: 'shop',
  users: [503],
  settleSeconds: 12,
  inject: (lab) => {
    lab.web.forEach((host) =>
      addToNginx(host, ['location = /health/ { return 302 https://$host$request_uri; }']),
    );
    changeBalancer(
      lab,
      '/^backend shop/,/^backend desk/s/^    http-check send.*/&\\n    http-check expect status 200/',
    );
  },
  heal: (lab) => {
    restoreBalancer(lab);
    lab.web.forEach(removeFromNginx);
  },
  expect: {
    status: 'cause-found',
    cause: 'health-check',
    confidence: 'confirmed',
    root: ['member-down-though-healthy', 'health-endpoint-misplaced'],
    hop: 'balancer',
    notSaid: ['not-started', 'routing', 'overload', 'deliberate', 'dependency'],
  },
});
