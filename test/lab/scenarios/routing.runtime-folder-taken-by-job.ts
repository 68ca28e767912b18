import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

const SOCKET = '/run/shop/web.sock';
const GUNICORN = `/usr/bin/gunicorn --workers 3 --backlog 16 --bind unix:${SOCKET} --bind 127.0.0.1:8000 --timeout 60 --graceful-timeout 3 app:application`;

export default defineScenario({
  fault:
    'nginx reaches the app by a unix socket in /run/shop. A new job of the shop was given the same RuntimeDirectory=; as it ended, systemd removed the folder and the socket in it, on every host.',
  because:
    'nginx answers 502 and logs "connect() to unix:/run/shop/web.sock failed (2: No such file or directory)". The app runs without a restart and answers at its port as ever: only the way from nginx to it is gone.',
  service: 'shop',
  users: [502, 503],
  settleSeconds: 6,
  inject: async (lab) => {
    for (const host of lab.web)
      changeUnit(host, 'shop', ['[Service]', 'RuntimeDirectory=shop', 'ExecStart=', `ExecStart=${GUNICORN}`]);
    for (const host of lab.web) {
      host.sh(`for i in $(seq 50); do
        curl -sf -m 2 -o /dev/null --unix-socket ${SOCKET} http://shop.lab.test/health/ && break; sleep 0.2; done`);
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
      host.run(
        ...['systemd-run', '-q', '--wait', '--collect', '--unit=shop-report', '-p', 'User=www-data'],
        ...['-p', 'RuntimeDirectory=shop', 'sh', '-c', 'wc -l /var/lib/shop/visits >/run/shop/report || :'],
      );
  },
  heal: ({ web }) =>
    web.forEach((host) => {
      removeFromNginx(host);
      // gunicorn takes its socket away as it ends, and stumbles where that is gone.
      host.sh(`mkdir -p /run/shop; [ -e ${SOCKET} ] || : >${SOCKET}; chown -R www-data: /run/shop
        systemctl stop shop; rm -rf /run/shop`);
      restoreUnit(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely', 'possible'],
    notSaid: ['overload', 'dependency', 'database-connections', 'deployment', 'deliberate'],
  },
});
