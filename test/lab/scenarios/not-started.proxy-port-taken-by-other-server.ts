import { defineScenario } from '../scenario.js';

const UNIT = 'webserver-default';
const FOLDER = '/srv/webserver-default';

export default defineScenario({
  fault:
    'A package brought a web server of its own along to every host of the shop; while nginx was restarted for its upgrade the other one took port 80, and nginx did not come back.',
  because:
    'nginx failed with "bind() to 0.0.0.0:80 failed (98: Address already in use)" on every host. What answers 404 to the check there is another program, so the 404 tells nothing of the health page; the app behind runs and answers on 8000.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: ({ web }) =>
    web.forEach((host) =>
      host.sh(`mkdir -p ${FOLDER}; echo '<html><body><h1>It works!</h1></body></html>' >${FOLDER}/index.html
        systemctl stop nginx
        systemd-run -q --collect --unit=${UNIT} --property=TimeoutStopSec=3 busybox httpd -f -p 0.0.0.0:80 -h ${FOLDER}
        sleep 0.5; systemctl start --no-block nginx`),
    ),
  heal: ({ web }) =>
    web.forEach((host) =>
      host.sh(`systemctl stop ${UNIT} 2>/dev/null || :; rm -rf ${FOLDER}
        systemctl reset-failed nginx 2>/dev/null || :; systemctl restart nginx
        truncate -s 0 /var/log/nginx/error.log`),
    ),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: ['overload', 'dependency', 'database-connections', 'deployment', 'deliberate'],
  },
});
