import { setAside, setReady } from '../faults/members.js';
import { defineScenario } from '../scenario.js';

const SITE = '/etc/nginx/conf.d/images.conf';
const SERVER =
  'server { listen 81; server_name images.lab.test; location / { proxy_pass http://images-origin.lab.test:8080; } }';

export default defineScenario({
  fault:
    'web-1 was drained for new memory and forgotten. On web-2 and web-3 nginx was restarted for an upgrade and does not start: a site for images, which nobody uses any more, passes to a name that was taken out of the DNS since.',
  because:
    'On web-2 and web-3 the unit nginx has failed, with "host not found in upstream" for a site that is none of the shop, and port 80 is closed; the app behind runs and answers. web-1 is well and could serve all, but is set aside on the balancer. Either of the two mended brings users back: whichever is called the cause, both must be said.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: (lab) => {
    setAside(lab, 'shop', 'drain', ['web-1']);
    for (const name of ['web-2', 'web-3'] as const)
      lab.host(name).sh(`echo '${SERVER}' >${SITE}; find /etc/nginx -exec touch -h -d '9 days ago' {} +
        systemctl restart nginx || :`);
  },
  heal: (lab) => {
    for (const name of ['web-2', 'web-3'] as const)
      lab.host(name).sh(`rm -f ${SITE}; find /etc/nginx -exec touch -h -d '9 days ago' {} +
        systemctl reset-failed nginx 2>/dev/null || :; systemctl restart nginx
        truncate -s 0 /var/log/nginx/error.log`);
    setReady(lab, 'shop', ['web-1']);
  },
  expect: {
    status: 'cause-found',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['member-unreachable', 'unit-failed', 'port-not-listening', 'port-refused', 'member-draining'],
    hop: 'balancer',
    found: ['member-draining'],
    notSaid: ['overload', 'dependency', 'database-connections', 'deliberate', 'health-check'],
  },
});
