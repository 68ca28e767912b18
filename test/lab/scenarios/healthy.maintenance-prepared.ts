import { restoreBalancer } from '../faults/balancer-config.js';
import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A maintenance of tonight is prepared: nginx would answer 503 if a file were there, and the page of the balancer stands in its file, which nobody has loaded.',
  because:
    'Users get 200. The rule of nginx asks for a file that is not there, and HAProxy runs with what it read before: both are ready, and neither is on.',
  service: 'shop',
  users: [200],
  settleSeconds: 4,
  inject: (lab) => {
    lab.web.forEach((host) => addToNginx(host, ['if (-f /srv/shop/maintenance) { return 503; }']));
    lab.host('lb-1').sh(`cd /etc/haproxy; cp -p haproxy.cfg kept.cfg
      sed -i 's,^backend shop,&\\n    http-request return status 503 content-type text/html string "Maintenance",' haproxy.cfg`);
  },
  heal: (lab) => {
    lab.web.forEach(removeFromNginx);
    restoreBalancer(lab);
  },
  expect: { status: 'healthy', cause: null },
});
