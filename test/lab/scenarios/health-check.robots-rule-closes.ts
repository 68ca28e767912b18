import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A rule against robots makes nginx close the connection without an answer (444) on whoever asks for the health page and gives no User-Agent, and the check of the balancer gives none.',
  because:
    'All members are DOWN, for the check gets no answer at all, while a browser, or whoever looks by hand, gets 200 for that very page and for every other. The app runs on every host and is asked nothing.',
  service: 'shop',
  users: [503],
  settleSeconds: 12,
  inject: ({ web }) =>
    web.forEach((host) =>
      addToNginx(host, [
        'location = /health/ {',
        'if ($http_user_agent = "") { return 444; }',
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
    notSaid: ['not-started', 'overload', 'dependency', 'database-connections', 'deployment', 'routing'],
  },
});
