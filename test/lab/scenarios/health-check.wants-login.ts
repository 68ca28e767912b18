import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Somebody protects the health page by a password, which the balancer does not have.',
  because:
    'All members are DOWN with L7STS 401, and users get no page though every host serves it: only the check is refused.',
  service: 'shop',
  users: [503],
  settleSeconds: 12,
  inject: ({ web }) =>
    web.forEach((host) =>
      addToNginx(host, [
        'location = /health/ {',
        'auth_basic "shop";',
        'auth_basic_user_file /etc/nginx/htpasswd;',
        'proxy_pass http://127.0.0.1:8000;',
        '}',
      ]),
    ),
  heal: ({ web }) => web.forEach(removeFromNginx),
  expect: {
    status: 'cause-found',
    cause: 'health-check',
    confidence: 'confirmed',
    root: ['member-down-though-healthy', 'health-endpoint-misplaced'],
    hop: 'balancer',
    notSaid: ['not-started', 'routing', 'overload', 'deliberate', 'dependency'],
  },
});
