import { addToNginx, addUpstream, removeFromNginx, removeUpstream } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';
import { HOSTS } from '../topology.js';

export default defineScenario({
  fault:
    'nginx on every host passes pages to the app and, in turn, to a server that was given up, and tries no second one (proxy_next_upstream off).',
  because:
    'Half of the pages get 502 of nginx, which is refused by an address that is none of the app; the app answers on every host, and the health page goes straight to it.',
  service: 'shop',
  users: [200, 502],
  settleSeconds: 8,
  inject: ({ web }) =>
    web.forEach((host) => {
      addUpstream(host, 'shop_servers', ['127.0.0.1:8000', `${HOSTS['cache-1'].address}:80 max_fails=0`]);
      addToNginx(host, [
        'location = / {',
        'proxy_next_upstream off;',
        'proxy_set_header Host $host;',
        'proxy_pass http://shop_servers;',
        '}',
      ]);
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      removeFromNginx(host);
      removeUpstream(host);
    }),
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely', 'possible'],
    notSaid: [
      'not-started',
      'overload',
      'dependency',
      'database-connections',
      'deployment',
      'health-check',
      'deliberate',
    ],
  },
  wrongBecause:
    'Looked at 8 s after its begin, with all of our own three requests served: others count only when they fail for some spans of ten seconds.',
});
