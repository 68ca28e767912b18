import { redis } from '../faults/redis.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const PASSWORD = '6170#Tk9v';
const KEPT = '/root/shop-env.kept';

export default defineScenario({
  fault:
    'Redis got one more password, 6170#Tk9v, and it was put into the settings of the shop as it is: in an address everything from the # on is a comment, so the app takes 6170 for a port and calls its own host. It was restarted on every host.',
  because:
    'Every page fails with "cache: Error 111 connecting to localhost:6170. Connection refused": the app never asks the cache, which is well and knows both passwords. It looks for it where it never was.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: (lab) => {
    redis(lab, 'ACL', 'SETUSER', 'default', `>${PASSWORD}`);
    for (const host of lab.web) {
      host.sh(`[ -e ${KEPT} ] || cp -p /etc/shop/env ${KEPT}
        sed -i 's,^REDIS_URL=.*,REDIS_URL=redis://:${PASSWORD}@cache.lab.test:6379/0,' /etc/shop/env`);
      startAnew(host, 'shop');
    }
  },
  heal: (lab) => {
    for (const host of lab.web) {
      host.sh(`[ ! -e ${KEPT} ] || mv -f ${KEPT} /etc/shop/env; touch -d '9 days ago' /etc/shop`);
      startAnew(host, 'shop');
    }
    redis(lab, 'ACL', 'SETUSER', 'default', `<${PASSWORD}`);
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['undeclared-dependency', 'app-blames-dependency', 'dependency-unreachable'],
    hop: ['app', 'balancer'],
    notSaid: ['database-connections', 'overload', 'deployment', 'not-started', 'routing', 'deliberate'],
  },
});
