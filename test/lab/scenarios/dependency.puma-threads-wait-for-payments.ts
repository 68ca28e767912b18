import { endLoad, startLoad } from '../faults/load.js';
import { endOtherShop } from '../faults/other-shop.js';
import { setPayments } from '../faults/payments.js';
import { runRubyShop } from '../faults/ruby-shop.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The payment service takes six seconds for each answer, and all five threads of Puma wait for it on every host; Puma itself takes in who comes and keeps him in a queue of its own.',
  because:
    'The queue of the kernel is empty, no thread computes, and each page is done after six seconds or more without an error; the health page waits behind them. Payments is as slow from everywhere: busy threads and a late health page follow from it.',
  service: 'shop',
  users: [503, 504],
  settleSeconds: 5,
  inject: async (lab) => {
    await runRubyShop(lab);
    setPayments(lab, 'slow 6');
    startLoad('http://shop.lab.test/', 60, 200);
  },
  heal: (lab) => {
    endLoad();
    setPayments(lab, 'ok');
    lab.web.forEach(endOtherShop);
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['dependency-slow', 'app-blames-dependency'],
    notSaid: ['database-connections', 'deployment', 'not-started', 'routing', 'deliberate'],
  },
});
