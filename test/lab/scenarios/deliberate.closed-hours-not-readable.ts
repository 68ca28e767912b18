import { giveGroups, takeGroups } from '../faults/blindness.js';
import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'By a rule about hours nginx says 503 for the start page on every host; diag503 may read neither that file nor the logs.',
  because:
    'The 503 has the marks of nginx and comes at once, while the app answers 200 to the same request: nginx alone says 503 on purpose only. Which rule it is cannot be read.',
  service: 'shop',
  users: [503],
  settleSeconds: 3,
  inject: ({ web }) =>
    web.forEach((host) => {
      takeGroups(host, ['adm', 'systemd-journal']);
      addToNginx(host, [
        'location = / {',
        'if ($time_iso8601 ~ "T[0-2]") { return 503; }',
        'proxy_set_header Host $host;',
        'proxy_pass http://127.0.0.1:8000;',
        '}',
      ]);
      host.run('chmod', '700', '/etc/nginx/shop.d');
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      removeFromNginx(host);
      giveGroups(host);
    }),
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    confidence: ['likely', 'possible'],
    hop: 'proxy',
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
