import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { endLoad, startLoad } from '../faults/load.js';
import { setPayments } from '../faults/payments.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The payment service takes seven seconds; the balancer lets two requests into each member, as ever, and the rest runs out of time in its queue.',
  because:
    'HAProxy logs <NOSRV> sQ, which only says that those before them are slow. They wait for payments, without CPU, and payments is slow from every host.',
  service: 'shop',
  users: [0, 503, 504],
  settleSeconds: 10,
  inject: (lab) => {
    changeBalancer(lab, 's/^    server web-.*:80$/& maxconn 2/');
    setPayments(lab, 'slow 7');
    startLoad('http://shop.lab.test/', 30);
  },
  heal: (lab) => {
    endLoad();
    setPayments(lab, 'ok');
    restoreBalancer(lab);
    lab.web.forEach((host) => startAnew(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: 'dependency-slow',
    notSaid: ['not-started', 'database-connections', 'deployment', 'routing', 'deliberate'],
  },
});
