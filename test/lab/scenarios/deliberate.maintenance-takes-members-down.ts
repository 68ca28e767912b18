import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A file switches nginx to maintenance on every host, and nobody thought of the health check, which gets 503 as well.',
  because:
    'HAProxy wrote the 503 because all members are DOWN with L7STS 503; that 503 is what nginx says while /srv/shop/maintenance is there, on purpose. The app itself answers.',
  service: 'shop',
  users: [503],
  settleSeconds: 12,
  inject: ({ web }) =>
    web.forEach((host) => {
      addToNginx(host, ['if (-f /srv/shop/maintenance) { return 503; }']);
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
    confidence: ['confirmed', 'likely'],
    root: 'maintenance-mode',
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'dependency', 'routing', 'deployment'],
  },
});
