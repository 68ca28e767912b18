import { restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

const PAGE = `http-request return status 503 content-type text\\/html string \\"<h1>Closed for maintenance<\\/h1>\\" if { hdr(host) -i shop.lab.test }`;

export default defineScenario({
  fault:
    'Somebody wrote a page about maintenance and a pool that does not exist into the configuration of the balancer; the reload was refused for the latter, and the file was left as it is.',
  because:
    'HAProxy goes on with what it had, all members are up and users get 200: neither the page nor the pool is in force. It is a trap for the next restart, and no cause of anything yet.',
  service: 'shop',
  users: [200],
  settleSeconds: 5,
  inject: (lab) =>
    void lab.host('lb-1').sh(`cd /etc/haproxy; [ -e kept.cfg ] || cp -p haproxy.cfg kept.cfg
      sed -i "s/^    use_backend shop .*/    ${PAGE}\\n    use_backend shop-green if { hdr(host) -i shop.lab.test }/" haproxy.cfg
      ! systemctl reload haproxy`),
  heal: (lab) => {
    restoreBalancer(lab);
    lab.host('lb-1').sh('journalctl -q --rotate --vacuum-time=1s');
  },
  expect: { status: 'healthy', cause: null },
});
