import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { removeFromNginx } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

const SITE = '/etc/nginx/conf.d/handbook.conf';
const FOLDER = '/srv/handbook';

/** As checks were written before `http-check send`. */
const OLD_STYLE = [
  '/^backend shop/,/^backend desk/ { /http-check send/d',
  's,^    option httpchk$,    option httpchk GET /health/ HTTP/1.1\\\\r\\\\nHost:\\\\ shop-int.lab.test, }',
].join('; ');

export default defineScenario({
  fault:
    'The check of the balancer has always asked for shop-int.lab.test, a name that no site of nginx has; that did no harm while the shop was the only site. A handbook got a site of its own on every host, whose file comes before that of the shop, and nginx gives it whatever it knows no name for.',
  because:
    'All members are DOWN with L7STS 404. The same page is 200 on every host for whoever asks for shop.lab.test, and so is every page that users want: only the check, which gives another name, is answered by the handbook.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: (lab) => {
    changeBalancer(lab, OLD_STYLE);
    lab.web.forEach((host) =>
      host.sh(`mkdir -p ${FOLDER}
        echo '<!doctype html><title>Handbook</title><h1>Handbook</h1>' >${FOLDER}/index.html
        echo 'server { listen 80; server_name handbook.lab.test; root ${FOLDER}; }' >${SITE}
        find ${FOLDER} /etc/nginx -exec touch -h -d '9 days ago' {} +
        nginx -t -q; systemctl reload nginx`),
    );
  },
  heal: (lab) => {
    restoreBalancer(lab);
    lab.web.forEach((host) => {
      host.run('rm', '-rf', SITE, FOLDER);
      removeFromNginx(host);
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'health-check',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['member-down-though-healthy', 'health-endpoint-misplaced'],
    hop: 'balancer',
    notSaid: [
      'not-started',
      'overload',
      'deliberate',
      'dependency',
      'database-connections',
      'deployment',
      'routing',
    ],
  },
});
