import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'nginx passes the start page to an address that nobody has; the health page goes to the app.',
  because:
    'nginx says 504 after the two seconds that it waits for a connection, and logs "timed out … while connecting to upstream" for 10.203.0.91. The app on the host itself answers this very request at once.',
  service: 'shop',
  users: [502, 504],
  inject: ({ web }) =>
    web.forEach((host) => addToNginx(host, ['location = / {', 'proxy_pass http://10.203.0.91:8000;', '}'])),
  heal: ({ web }) => web.forEach(removeFromNginx),
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely'],
    root: 'wrong-upstream',
    hop: 'proxy',
    notSaid: ['not-started', 'deliberate', 'overload', 'dependency'],
  },
});
