import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'While web-3 was rebuilt its nginx let in the office only and said 503 to everybody else; the health page was open, and both stayed so.',
  because:
    'A third of the pages get 503 at once, all from web-3, with the marks of nginx: its list of who may come in refuses them. The app there answers 200.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 10,
  inject: ({ host }) =>
    addToNginx(host('web-3'), [
      'location = / {',
      'allow 198.51.100.0/24;',
      'deny all;',
      'error_page 403 =503 /closed.html;',
      'proxy_set_header Host $host;',
      'proxy_pass http://127.0.0.1:8000;',
      '}',
      'location = /closed.html {',
      'internal;',
      'return 503 "Open to the office only";',
      '}',
    ]),
  heal: ({ host }) => removeFromNginx(host('web-3')),
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    confidence: ['confirmed', 'likely', 'possible'],
    notSaid: [
      'not-started',
      'health-check',
      'overload',
      'dependency',
      'database-connections',
      'deployment',
      'routing',
    ],
  },
});
