import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A template for another machine left its address in the configuration of nginx on every host (proxy_bind): nginx wants to call the app from an address that the host does not have.',
  because:
    'nginx says 500 of its own and logs "bind(10.203.0.31) failed (99: Cannot assign requested address)"; it never gets as far as the app, which answers whoever asks it directly. The words are those of ports that are used up, and there are plenty left.',
  service: 'shop',
  users: [500, 503],
  settleSeconds: 6,
  inject: ({ web }) => web.forEach((host) => addToNginx(host, ['proxy_bind 10.203.0.31;'])),
  heal: ({ web }) => web.forEach(removeFromNginx),
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely', 'possible'],
    root: 'wrong-upstream',
    hop: ['balancer', 'proxy'],
    notSaid: ['overload', 'not-started', 'dependency', 'database-connections', 'deployment', 'deliberate'],
  },
});
