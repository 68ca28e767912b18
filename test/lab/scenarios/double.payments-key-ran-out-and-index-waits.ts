import { buildIndexBehindReport, dropIndexAndReport } from '../faults/index-behind-report.js';
import { endOtherShop } from '../faults/other-shop.js';
import { setPayments } from '../faults/payments.js';
import { runRubyShop } from '../faults/ruby-shop.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The key by which the shop, which is of Ruby, calls the payment service ran out, and the service answers 401. Besides, CREATE INDEX CONCURRENTLY on the table of orders waits for a report that is idle in its transaction.',
  because:
    'Each page fails with Net::HTTPClientException 401 "Unauthorized" at once, after its query of the orders has been answered; the payment service says 401 to whoever asks. The index waits for the report and for nobody else, and no session of the app waits for either: to end these two would bring no customer back.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: async (lab) => {
    await runRubyShop(lab);
    buildIndexBehindReport(lab);
    setPayments(lab, 'status 401');
  },
  heal: (lab) => {
    setPayments(lab, 'ok');
    dropIndexAndReport(lab);
    lab.web.forEach(endOtherShop);
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['dependency-failing', 'app-refused-by-dependency', 'app-blames-dependency'],
    hop: 'app',
    notSaid: [
      'database-connections',
      'overload',
      'deployment',
      'not-started',
      'health-check',
      'routing',
      'deliberate',
      'certificate-expired',
    ],
  },
});
