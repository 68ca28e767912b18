import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../lab.js';
import { endLoadTest, startLoadTest } from '../faults/load-test-of-database.js';
import { setAside, setReady } from '../faults/members.js';
import { setPayments } from '../faults/payments.js';
import { endDeadImagesSite, startDeadImagesSite } from '../faults/scares-beside.js';
import { endSessions, sql, untilNoSlotIsLeft } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';
import { untilUsersGet } from '../wellness.js';

/** A worker that is quick gets a slot again: until none has one. */
async function endSessionsOfShop(lab: Lab): Promise<void> {
  const deadline = Date.now() + 30_000;
  const left = "select count(*) from pg_stat_activity where usename = 'shop'";
  do {
    if (Date.now() > deadline) throw new Error('The shop still has a session of the database.');
    endSessions(lab, 'shop');
    await sleep(2000);
    untilNoSlotIsLeft(lab);
  } while (Number(sql(lab, left)) > 0);
}

export default defineScenario({
  fault:
    'A colleague measures the database server by day with pgbench, in a database of its own and in more sessions than there are slots; the shop, whose old sessions an operator ended, gets none any more. Beside it the payment service takes more than a second for each answer, web-3 is set aside on purpose, and nginx complains several times a second of a site for images whose server was given up long ago.',
  because:
    'Every login of the shop is told that the remaining slots are reserved, and all slots but a few are taken by sessions of pgbench from one machine, in another database. The payment service was as slow before and every page was 200; the lines of nginx name another site, and two members are enough.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: async (lab) => {
    setPayments(lab, 'slow 1.3');
    startDeadImagesSite(lab);
    setAside(lab, 'shop', 'maint', ['web-3']);
    await sleep(3000);
    await untilUsersGet('http://shop.lab.test/', [200]);
    startLoadTest(lab, 34);
    await sleep(2000);
    await endSessionsOfShop(lab);
  },
  heal: (lab) => {
    endLoadTest(lab);
    setPayments(lab, 'ok');
    endDeadImagesSite(lab);
    lab.web.forEach((host) => startAnew(host, 'shop'));
    setReady(lab, 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely'],
    root: ['connections-exhausted', 'app-refused-connection'],
    hop: ['balancer', 'app'],
    notSaid: [
      ...(['dependency', 'overload', 'deployment', 'not-started', 'routing', 'deliberate'] as const),
      ...(['idle-in-transaction', 'sessions-blocked-by-lock'] as const),
    ],
  },
});
