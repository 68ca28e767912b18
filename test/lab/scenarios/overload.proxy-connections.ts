import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'nginx may have so few connections that none is left for the app behind it, on every host.',
  because:
    'Its log says "worker_connections are not enough", and it answers 500 itself, also to the check; the app has nothing to do.',
  service: 'shop',
  users: [500, 503],
  settleSeconds: 6,
  inject: ({ web }) =>
    web.forEach((host) =>
      host.sh(`cp -p /etc/nginx/nginx.conf /root/nginx.kept
        sed -i 's/worker_connections [0-9]*/worker_connections 3/' /etc/nginx/nginx.conf
        touch -r /root/nginx.kept /etc/nginx/nginx.conf /etc/nginx; systemctl restart nginx`),
    ),
  heal: ({ web }) =>
    web.forEach((host) =>
      host.sh(
        `mv -f /root/nginx.kept /etc/nginx/nginx.conf; touch -r /etc/nginx/nginx.conf /etc/nginx; systemctl restart nginx`,
      ),
    ),
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    notSaid: ['dependency', 'database-connections', 'deployment', 'not-started', 'deliberate'],
  },
});
