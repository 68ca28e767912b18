import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'A file that an upgrade left behind makes nginx answer 503 to everybody but the health check.',
  because:
    "nginx's configuration says 503 while /srv/shop/maintenance is there, and it is. Members are up, and the app answers.",
  service: 'shop',
  users: [503],
  inject: ({ web }) =>
    web.forEach((host) => {
      addToNginx(host, [
        'location = / {',
        'if (-f /srv/shop/maintenance) { return 503; }',
        'proxy_set_header Host $host;',
        'proxy_pass http://127.0.0.1:8000;',
        '}',
      ]);
      host.run('touch', '/srv/shop/maintenance');
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      host.run('rm', '-f', '/srv/shop/maintenance');
      removeFromNginx(host);
    }),
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    confidence: 'confirmed',
    root: 'maintenance-mode',
    hop: 'proxy',
    notSaid: ['not-started', 'health-check', 'overload', 'dependency', 'routing', 'deployment'],
  },
});
