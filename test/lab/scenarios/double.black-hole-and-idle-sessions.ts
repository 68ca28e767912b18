import { endHolder, holdSessions } from '../faults/hold-sessions.js';
import { startAnew } from '../faults/start-anew.js';
import { openToBalancer } from '../faults/firewall.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The payment service is cut off by a firewall; idle sessions of a tool hold two thirds of the slots of the database, which is enough for all.',
  because: 'Every page waits for payments and none for the database: nobody is refused a session.',
  service: 'shop',
  users: [0, 503, 504],
  settleSeconds: 10,
  inject: (lab) => {
    holdSessions(lab, {
      on: 'cache-1',
      url: 'postgresql://shop:shop-secret@db.lab.test/shop',
      application: 'metabase',
      sessions: 9,
    });
    const host = lab.host('pay-1');
    host.sh(`nft add table inet closed
        nft 'add chain inet closed input { type filter hook input priority 0; }'
        nft add rule inet closed input tcp dport 8443 drop`);
  },
  heal: (lab) => {
    endHolder(lab, 'cache-1');
    openToBalancer(lab.host('pay-1'));
    lab.web.forEach((host) => startAnew(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: ['dependency-unreachable', 'dependency-slow'],
    notSaid: ['database-connections', 'deployment', 'not-started'],
  },
});
