import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'nginx shows the health page to the hosts of a list only, and the list has the address of the balancer that was there before.',
  because:
    'All members are DOWN with L7STS 403, and nginx logs "access forbidden by rule" for the balancer; whoever asks for that page on the host gets 200, and every other page is 200 for everybody.',
  service: 'shop',
  users: [503],
  settleSeconds: 10,
  inject: ({ web }) =>
    web.forEach((host) =>
      addToNginx(host, [
        'location = /health/ {',
        'allow 127.0.0.1;',
        'allow 10.203.0.9;',
        'deny all;',
        'proxy_set_header Host $host;',
        'proxy_pass http://127.0.0.1:8000;',
        '}',
      ]),
    ),
  heal: ({ web }) => web.forEach(removeFromNginx),
  expect: {
    status: 'cause-found',
    cause: 'health-check',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: [
      'not-started',
      'overload',
      'dependency',
      'database-connections',
      'deployment',
      'routing',
      'deliberate',
    ],
  },
});
