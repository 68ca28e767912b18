import type { LabHost } from '../host.js';
import { giveGroups, takeGroups } from '../faults/blindness.js';
import { defineScenario } from '../scenario.js';

const FILE = '/etc/nginx/conf.d/images.conf';
const SITE = `server {
  listen 80;
  server_name images.lab.test;
  location / {
    proxy_pass http://thumbnailer.lab.test:8081;
  }
}
`;

const layOldSite = (host: LabHost): void => {
  host.run('sh', '-euc', 'printf "%s" "$1" >"$2"', 'sh', SITE, FILE);
  host.sh(`find /etc/nginx -exec touch -h -d '9 days ago' {} +`);
};

export default defineScenario({
  fault:
    'A second site of nginx passes pictures to a machine whose name was taken out of the DNS weeks ago; that did no harm until an upgrade restarted nginx on every host. On web-1 and web-2 diag503 may read neither journal nor logs.',
  because:
    'nginx is failed on every host and port 80 is closed; the members are DOWN with a refused connection. On web-3 nginx says why: host not found in upstream, in the file of a site that has nothing to do with the shop. The app runs and its health page is 200 on port 8000 of every host.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: ({ web, host }) => {
    takeGroups(host('web-1'), ['adm', 'systemd-journal']);
    takeGroups(host('web-2'), ['adm', 'systemd-journal']);
    web.forEach((each) => {
      layOldSite(each);
      each.sh('systemctl restart nginx 2>/dev/null || :');
    });
  },
  heal: ({ web }) =>
    web.forEach((host) => {
      giveGroups(host);
      host.sh(`rm -f ${FILE}; find /etc/nginx -exec touch -h -d '9 days ago' {} +
        systemctl reset-failed nginx 2>/dev/null || :
        systemctl restart nginx
        truncate -s 0 /var/log/nginx/error.log`);
    }),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: ['unit-failed', 'port-not-listening', 'port-refused', 'member-unreachable'],
    hop: 'balancer',
    notSaid: [
      'deployment',
      'overload',
      'database-connections',
      'health-check',
      'deliberate',
      'unit-inactive',
    ],
  },
});
