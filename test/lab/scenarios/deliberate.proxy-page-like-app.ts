import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'nginx answers 503 for the start page with a JSON file that looks like an answer of the app.',
  because:
    'The configuration in force says return 503, it comes at once, and the app itself answers 200 to the same request.',
  service: 'shop',
  users: [503],
  inject: ({ web }) =>
    web.forEach((host) => {
      host.sh(`mkdir -p /srv/notice; echo '{"status": "unavailable", "retry": "later"}' >/srv/notice/notice.json
        find /srv/notice -exec touch -d '9 days ago' {} +`);
      addToNginx(host, [
        'location = / {',
        'error_page 503 /notice.json;',
        'return 503;',
        '}',
        'location = /notice.json {',
        'internal;',
        'root /srv/notice;',
        'default_type application/json;',
        '}',
      ]);
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      removeFromNginx(host);
      host.run('rm', '-rf', '/srv/notice');
    }),
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['maintenance-mode'],
    hop: 'proxy',
    notSaid: ['not-started', 'overload', 'dependency', 'health-check', 'deployment'],
  },
});
