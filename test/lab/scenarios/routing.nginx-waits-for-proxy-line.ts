import { listenOn } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

const FILE = '/etc/nginx/conf.d/shop.conf';

export default defineScenario({
  fault:
    'nginx on every host expects the line of the PROXY protocol before each request since its last reload (listen 80 proxy_protocol); the balancer sends none.',
  because:
    'All members are DOWN, for nginx closes every connection without an answer, that of a user as well; its log says "broken header while reading PROXY protocol". The app answers behind it on every host: balancer and proxy do not speak the same.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: ({ web }) =>
    web.forEach((host) =>
      host.sh(`sed -i 's/^  listen .*/  listen 80 proxy_protocol;/' ${FILE}
        find /etc/nginx -exec touch -h -d '9 days ago' {} +; nginx -t -q; systemctl reload nginx`),
    ),
  heal: ({ web }) =>
    web.forEach((host) => {
      listenOn(host, 80);
      host.run('truncate', '-s', '0', '/var/log/nginx/error.log');
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
      'deliberate',
      'health-check',
    ],
  },
});
