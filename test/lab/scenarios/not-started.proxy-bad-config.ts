import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A line that nginx does not take was put into its configuration on every host, and nginx was restarted.',
  because: 'nginx failed at its start and port 80 is closed; the app behind it runs.',
  service: 'shop',
  users: [503],
  inject: ({ web }) =>
    web.forEach((host) =>
      host.sh(
        'echo "proxy_buffer_size 4x;" >/etc/nginx/conf.d/zz-buffers.conf; systemctl restart nginx || :',
      ),
    ),
  heal: ({ web }) =>
    web.forEach((host) =>
      host.sh(`rm -f /etc/nginx/conf.d/zz-buffers.conf; find /etc/nginx -exec touch -h -d '9 days ago' {} +
        systemctl reset-failed nginx; systemctl start nginx`),
    ),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    hop: 'balancer',
    notSaid: ['deployment', 'dependency', 'overload'],
  },
});
