import { untilAnswers } from '../faults/redis.js';
import { defineScenario } from '../scenario.js';

const FILE = '/etc/redis/redis.conf';
const KEPT = '/root/redis.kept';

export default defineScenario({
  fault:
    'An upgrade of Redis was answered with "install the package maintainer\'s version" of its configuration: since its restart Redis listens on 127.0.0.1 only, without a password.',
  because:
    'Its unit is active and its own host gets an answer; every host of the app is refused at the port, and the app says so for each page and for the health page. Nothing else changed.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: ({ host }) =>
    // What the lab has added begins with the address; all before is what the package brings.
    void host('cache-1').sh(`cp -p ${FILE} ${KEPT}
      sed -i '/^bind 0\\.0\\.0\\.0/,$d' ${FILE}; systemctl restart redis-server`),
  heal: (lab) => {
    lab.host('cache-1').sh(`[ ! -e ${KEPT} ] || { mv -f ${KEPT} ${FILE}; systemctl restart redis-server; }`);
    untilAnswers(lab);
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: ['dependency-unreachable', 'app-blames-dependency'],
    hop: ['balancer', 'app'],
    notSaid: [
      'database-connections',
      'overload',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
      'dependency-slow',
    ],
  },
});
