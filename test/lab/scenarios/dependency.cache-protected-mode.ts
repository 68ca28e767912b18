import { untilAnswers } from '../faults/redis.js';
import { defineScenario } from '../scenario.js';

const FILE = '/etc/redis/redis.conf';
const KEPT = '/root/redis-conf.kept';

export default defineScenario({
  fault:
    'The password of Redis was to move from its configuration into a vault, from which nothing brings it yet; since its restart Redis has none, and goes into its protected mode.',
  because:
    'Redis listens where it always did and takes connections, and sends to whoever comes from another host "DENIED Redis is running in protected mode because protected mode is enabled and no password is set". The app quotes that on every host; database and payments are well.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: ({ host }) =>
    void host('cache-1').sh(`cp -p ${FILE} ${KEPT}
      sed -i '/^requirepass /d' ${FILE}; systemctl restart redis-server`),
  heal: (lab) => {
    lab.host('cache-1').sh(`[ ! -e ${KEPT} ] || mv -f ${KEPT} ${FILE}; systemctl restart redis-server`);
    untilAnswers(lab);
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: [
      'app-refused-by-dependency',
      'dependency-failing',
      'app-blames-dependency',
      'dependency-unreachable',
    ],
    hop: 'balancer',
    notSaid: [
      'database-connections',
      'overload',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
      'certificate-expired',
      'dependency-slow',
    ],
  },
});
