import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'nginx lets one request in eight through and sends the rest away with 503, for a sale that is over.',
  because:
    'The 503 bears the marks of nginx and comes at once; its configuration returns it by lot, and says so. On each host some are served, and the app answers everybody.',
  service: 'shop',
  users: [503],
  inject: ({ web }) =>
    web.forEach((host) =>
      addToNginx(host, [
        'location = / {',
        'if ($request_id ~ "^[0-9a-d]") { return 503; }',
        'proxy_set_header Host $host;',
        'proxy_pass http://127.0.0.1:8000;',
        '}',
      ]),
    ),
  heal: ({ web }) => web.forEach(removeFromNginx),
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'proxy',
    notSaid: ['not-started', 'health-check', 'overload', 'dependency', 'routing', 'deployment'],
  },
});
