import {
  endKilledIndexer,
  endRefusedLogins,
  lockExports,
  startKilledIndexer,
  startRefusedLogins,
  unlockExports,
} from '../faults/bystanders.js';
import { defineScenario } from '../scenario.js';
import { untilUsersGet } from '../wellness.js';

export default defineScenario({
  fault:
    "The payment service is stopped and every customer of the shop gets 503; it is the desk that is asked about, which needs no payments. A monitoring calls PgBouncer with the login of the desk and last year's password, an indexer is killed for memory on two hosts, and jobs wait for a lock on a table of the desk that no page needs.",
  because:
    'Every page of the desk is 200 and its members are up. The 503 in the log of the balancer and the errors in the journals are those of the shop; the logins that PgBouncer refuses come from a host on which no desk runs, and the app keeps getting its connections.',
  service: 'desk',
  users: [200],
  settleSeconds: 8,
  inject: async (lab) => {
    startRefusedLogins(lab);
    startKilledIndexer(lab.host('web-1'));
    startKilledIndexer(lab.host('web-2'));
    lockExports(lab, 'desk');
    lab.host('pay-1').run('systemctl', 'stop', 'payments');
    await untilUsersGet('http://shop.lab.test/', [503]);
  },
  heal: (lab) => {
    lab.host('pay-1').run('systemctl', 'start', 'payments');
    endRefusedLogins(lab);
    unlockExports(lab, 'desk');
    lab.web.forEach(endKilledIndexer);
  },
  expect: { status: 'healthy', cause: null },
});
