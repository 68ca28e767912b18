import { beFrameworkShop, beUsualShop, type Change } from '../faults/framework-shop.js';
import { setPayments } from '../faults/payments.js';
import { speak, speakAsBefore } from '../faults/server-language.js';
import { endSessions, openSessions } from '../faults/sql-session.js';
import { sql } from '../faults/sql.js';
import { defineScenario } from '../scenario.js';

/** Who cannot pay by card now pays by invoice. */
const PAY_LATER: Change = [
  '    prepare_checkout()\n',
  `    try:
        prepare_checkout()
    except CheckoutUnavailable:
        log.error("no card payments, offering invoice only", exc_info=True, extra={"trace_id": trace})
`,
];

export default defineScenario({
  fault:
    'The payment service answers 503, and the shop offers invoices instead. Then somebody locks the table of orders and forgets the transaction; the role of the shop waits 1.5 s for a statement (statement_timeout), and the server speaks French.',
  because:
    'Each statement of the shop waits for the lock of one session that is idle in its transaction, until the server cancels it and says so in French; that is the last cause of each trace in the file of the app. That payments fails is true and was no harm: those pages were 200, and the health page does not ask it.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: async (lab) => {
    speak(lab, 'fr_FR');
    sql(lab, "alter role shop set statement_timeout = '1500ms'");
    await beFrameworkShop(lab, { logs: 'java', page: 'empty', changes: [PAY_LATER] });
    setPayments(lab, 'status 503');
    openSessions(lab, 'shop', 'begin; lock table orders in access exclusive mode;');
  },
  heal: (lab) => {
    endSessions(lab);
    setPayments(lab, 'ok');
    sql(lab, 'alter role shop reset statement_timeout');
    speakAsBefore(lab);
    lab.web.forEach(beUsualShop);
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['sessions-blocked-by-lock', 'idle-in-transaction'],
    found: ['dependency-failing'],
    notSaid: ['dependency', 'overload', 'not-started', 'deployment', 'routing', 'deliberate'],
  },
});
