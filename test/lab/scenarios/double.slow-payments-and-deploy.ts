import { endLoad, startLoad } from '../faults/load.js';
import { setPayments } from '../faults/payments.js';
import { deploy, withdraw } from '../faults/release.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The payment service takes seven seconds and holds every worker; a release came out just before, and works.',
  because:
    'Workers without CPU wait for payments, which is slow also without the app. A deploy without a mechanism is no cause.',
  service: 'shop',
  users: [503, 504],
  settleSeconds: 4,
  inject: (lab) => {
    lab.web.forEach((host) => deploy(host, 'r42'));
    setPayments(lab, 'slow 7');
    startLoad('http://shop.lab.test/', 50);
  },
  heal: (lab) => {
    endLoad();
    setPayments(lab, 'ok');
    lab.web.forEach((host) => {
      withdraw(host);
      startAnew(host, 'shop');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    root: 'dependency-slow',
    notSaid: ['not-started', 'deployment'],
  },
});
