import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

const SOCKET = '/run/shop/web.sock';
const GUNICORN = `/usr/bin/gunicorn --workers 3 --backlog 16 --bind unix:${SOCKET} --bind 127.0.0.1:8000 --umask 007 --timeout 60 --graceful-timeout 3 app:application`;

export default defineScenario({
  fault:
    'nginx reaches the app by a unix socket that is open to the login www-data only; a run of the configuration management has the workers of nginx run as nobody since its last reload, on every host.',
  because:
    'nginx answers 502 and logs "connect() to unix:/run/shop/web.sock failed (13: Permission denied)". The app runs, listens on that socket and answers whoever may open it: nginx may not.',
  service: 'shop',
  users: [502, 503],
  settleSeconds: 6,
  inject: async (lab) => {
    for (const host of lab.web)
      changeUnit(host, 'shop', ['[Service]', 'RuntimeDirectory=shop', 'ExecStart=', `ExecStart=${GUNICORN}`]);
    for (const host of lab.web) {
      host.sh(
        `until curl -sf -m 2 -o /dev/null --unix-socket ${SOCKET} http://shop.lab.test/health/; do sleep 0.2; done`,
      );
      // By an expression, for a second location of the same name may not stand inside the first.
      addToNginx(host, [
        'location ~ ^/ {',
        'proxy_set_header Host $host;',
        `proxy_pass http://unix:${SOCKET};`,
        '}',
      ]);
    }
    await untilWell(lab);
    for (const host of lab.web)
      host.sh(
        `sed -i 's/^user .*/user nobody nogroup;/' /etc/nginx/nginx.conf; nginx -t -q; systemctl reload nginx`,
      );
  },
  heal: ({ web }) =>
    web.forEach((host) => {
      host.run('sed', '-i', 's/^user .*/user www-data;/', '/etc/nginx/nginx.conf');
      removeFromNginx(host);
      restoreUnit(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely', 'possible'],
    notSaid: ['not-started', 'overload', 'dependency', 'database-connections', 'deployment', 'deliberate'],
  },
});
