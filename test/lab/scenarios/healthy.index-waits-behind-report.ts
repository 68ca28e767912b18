import { buildIndexBehindReport, dropIndexAndReport } from '../faults/index-behind-report.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Somebody builds an index on the very table that each page reads (CREATE INDEX CONCURRENTLY), and that waits for the end of a report, which is idle in its transaction.',
  because:
    'A session waits for a lock and another is idle in a transaction, both on the table of orders and with the login of the shop. Neither keeps a reader or writer waiting: every page is 200, no session of the app is blocked, and there are slots left.',
  service: 'shop',
  users: [200],
  settleSeconds: 8,
  inject: buildIndexBehindReport,
  heal: dropIndexAndReport,
  expect: { status: 'healthy', cause: null },
});
