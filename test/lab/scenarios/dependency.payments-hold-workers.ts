import { endLoad, startLoad } from '../faults/load.js';
import { setPayments } from '../faults/payments.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The payment service takes seven seconds for each answer; every worker waits for it, and a queue grows.',
  because:
    'The workers use no CPU and have asked payments, which is slow from every host: their being busy is a consequence.',
  service: 'shop',
  users: [503, 504],
  settleSeconds: 4,
  inject: (lab) => {
    setPayments(lab, 'slow 7');
    startLoad('http://shop.lab.test/', 50);
  },
  heal: (lab) => {
    endLoad();
    setPayments(lab, 'ok');
    lab.web.forEach((host) => startAnew(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    root: 'dependency-slow',
    notSaid: ['not-started', 'database-connections'],
  },
});
