import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { endRefusedMonitor, lockExports, startRefusedMonitor, unlockExports } from '../faults/bystanders.js';
import { removeReleases, unpack } from '../faults/new-release.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const FILE = '/etc/default/haproxy';
const KEPT = '/root/default-haproxy.kept';
const CLOSED =
  's,^    use_backend shop .*,    http-request deny deny_status 503 if { hdr(host) -i desk.lab.test } { env(DESK_CLOSED) -m str yes }\\n&,';

export default defineScenario({
  fault:
    'The balancer closes the desk when it finds DESK_CLOSED=yes in its environment; somebody put that into /etc/default/haproxy for a window and restarted it. On web-3 the desk is stopped besides. A release is unpacked and not linked, Redis refuses a monitoring, and jobs wait for a lock on a table that no page needs.',
  because:
    'HAProxy logs PR and 503 for each request without having asked a member: a rule refuses them, on purpose. web-3 is truly down, but web-1 and web-2 are up and would serve everybody; the rule does not ask how many members there are. Nothing else that one sees was ever reached by a request.',
  service: 'desk',
  users: [503],
  settleSeconds: 6,
  inject: (lab) => {
    startRefusedMonitor(lab);
    lockExports(lab, 'desk');
    lab.web.forEach((host) => unpack(host, { service: 'desk', release: 'd8', begins: '# Search.' }));
    lab.host('web-3').run('systemctl', 'stop', 'desk');
    changeBalancer(lab, CLOSED);
    // Only once the reload is over.
    lab.host('lb-1').sh(`cp -p ${FILE} ${KEPT}; echo DESK_CLOSED=yes >>${FILE}
      sleep 2; systemctl restart haproxy`);
  },
  heal: (lab) => {
    lab.host('lb-1').sh(`[ ! -e ${KEPT} ] || mv -f ${KEPT} ${FILE}`);
    restoreBalancer(lab);
    lab.host('lb-1').sh('sleep 2; systemctl restart haproxy');
    endRefusedMonitor(lab);
    unlockExports(lab, 'desk');
    lab.web.forEach((host) => removeReleases(host, 'desk'));
    startAnew(lab.host('web-3'), 'desk');
  },
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['request-denied', 'maintenance-mode'],
    hop: 'balancer',
    found: ['unit-inactive'],
    notSaid: ['not-started', 'overload', 'deployment', 'dependency', 'database-connections', 'routing'],
  },
});
