import { defineScenario } from '../scenario.js';

const FILE = '/etc/nginx/conf.d/lab-broken.conf';

export default defineScenario({
  fault: 'Somebody put a broken file into the configuration of nginx on every host, and its reload failed.',
  because:
    'nginx goes on with what it had: users get 200. It is a trap for the next restart, and no cause of anything yet.',
  service: 'shop',
  users: [200],
  settleSeconds: 4,
  inject: ({ web }) =>
    web.forEach((host) => host.sh(`echo 'server { listen 81' >${FILE}; systemctl reload nginx || :`)),
  heal: ({ web }) =>
    web.forEach((host) =>
      host.sh(`rm -f ${FILE}; touch -d '9 days ago' /etc/nginx/conf.d; systemctl reload nginx
        truncate -s 0 /var/log/nginx/error.log; journalctl -q --rotate --vacuum-time=1s`),
    ),
  expect: { status: 'healthy', cause: null },
});
