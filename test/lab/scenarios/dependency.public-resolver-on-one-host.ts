import { HOSTS } from '../topology.js';
import { defineScenario } from '../scenario.js';

const FILE = '/etc/resolv.conf';
const KEPT = '/root/resolv.kept';
const UNIT = 'public-resolver';
/** It answers at once, and knows no name of the house. */
const RESOLVER =
  'dnsmasq --keep-in-foreground --conf-file=/dev/null --pid-file --user=root --no-resolv --no-hosts --local=/lab.test/';

export default defineScenario({
  fault:
    'A lease of DHCP wrote another name server into /etc/resolv.conf of web-3: it answers, but knows nothing of the names of the house.',
  because:
    'A third of the pages fail, all on web-3: there "Name or service not known" comes at once for the payment service, and the two other hosts resolve it. Sessions of database and cache are kept, so that the check is green there; the payment service and the name server of the house are well.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 6,
  inject: ({ host }) => {
    host('pay-1').sh(`systemd-run -q --collect --unit=${UNIT} --property=TimeoutStopSec=3 ${RESOLVER}`);
    host('web-3').sh(`[ -e ${KEPT} ] || cp -p ${FILE} ${KEPT}
      printf 'nameserver ${HOSTS['pay-1'].address}\\noptions timeout:1 attempts:2\\n' >${FILE}`);
  },
  heal: ({ host }) => {
    host('web-3').sh(`[ ! -e ${KEPT} ] || mv -f ${KEPT} ${FILE}`);
    host('pay-1').sh(
      `systemctl stop ${UNIT} 2>/dev/null || :; systemctl reset-failed ${UNIT} 2>/dev/null || :`,
    );
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: ['dependency-unreachable', 'app-blames-dependency'],
    hop: 'app',
    notSaid: [
      'database-connections',
      'overload',
      'deployment',
      'not-started',
      'health-check',
      'routing',
      'deliberate',
    ],
  },
});
