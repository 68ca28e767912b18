import { addToNginx, addUpstream, removeFromNginx, removeUpstream } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'nginx on every host knows two addresses of the app, and nothing has listened on the second for long; each time that it is refused there it asks the first.',
  because:
    'Its log is full of "Connection refused … while connecting to upstream", once for every other page, and nobody but the log notices: users get 200, and every member is up.',
  service: 'shop',
  users: [200],
  settleSeconds: 8,
  inject: ({ web }) =>
    web.forEach((host) => {
      addUpstream(host, 'shop_servers', ['127.0.0.1:8000', '127.0.0.1:8001 max_fails=0']);
      addToNginx(host, [
        'location = / {',
        'proxy_set_header Host $host;',
        'proxy_pass http://shop_servers;',
        '}',
      ]);
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      removeFromNginx(host);
      removeUpstream(host);
    }),
  expect: { status: 'healthy', cause: null },
});
