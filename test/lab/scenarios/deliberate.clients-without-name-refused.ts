import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A rule against robots makes nginx say 503 for the start page to whoever gives no User-Agent, and the program by which the customers call gives none.',
  because:
    'Whoever looks with curl or a browser gets 200. The logs of the balancer and of nginx tell of a 503 for every call of the customers, at once and without the app having been asked; nginx alone says 503 on purpose only, and the rule stands in its configuration.',
  service: 'shop',
  users: [503],
  settleSeconds: 20,
  inject: ({ web }) =>
    web.forEach((host) =>
      addToNginx(host, [
        'location = / {',
        'if ($http_user_agent = "") { return 503; }',
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
    notSaid: [
      'not-started',
      'overload',
      'dependency',
      'database-connections',
      'deployment',
      'health-check',
      'routing',
    ],
  },
  wrongBecause:
    'Our own requests bear a name and are served. That nearly nobody else is, is seen; who refuses them is not: HAProxy passed it on, the app serves, and nginx writes no line of a `return`.',
});
