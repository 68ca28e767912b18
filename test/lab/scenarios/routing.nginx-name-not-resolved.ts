import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { deploy, withdraw } from '../faults/release.js';
import { startAnew } from '../faults/start-anew.js';
import { HOSTS } from '../topology.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

export default defineScenario({
  fault:
    'nginx passes the start page to a name that it asks of the DNS with each request, and there is no such name; a release, which works, came out on every host just before.',
  because:
    'nginx says 502 and logs "app.lab.test could not be resolved"; the health page goes straight to the app, which answers this very request as well. The release has no part in it: nginx never gets as far.',
  service: 'shop',
  users: [502],
  settleSeconds: 4,
  inject: async (lab) => {
    lab.web.forEach((host) => deploy(host, 'r42'));
    await untilWell(lab);
    lab.web.forEach((host) =>
      addToNginx(host, [
        'location = / {',
        `resolver ${HOSTS['ns-1'].address} valid=1s ipv6=off;`,
        'resolver_timeout 2s;',
        'set $app app.lab.test;',
        'proxy_set_header Host $host;',
        'proxy_pass http://$app:8000;',
        '}',
      ]),
    );
  },
  heal: ({ web }) =>
    web.forEach((host) => {
      removeFromNginx(host);
      withdraw(host);
      startAnew(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['wrong-upstream'],
    hop: 'proxy',
    notSaid: [
      'deployment',
      'not-started',
      'overload',
      'dependency',
      'database-connections',
      'health-check',
      'deliberate',
    ],
  },
});
