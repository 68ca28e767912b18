import { endLoad, startLoad } from '../faults/load.js';
import { setPayments } from '../faults/payments.js';
import { runUwsgiShop } from '../faults/uwsgi-shop.js';
import { endOtherShop } from '../faults/other-shop.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

export default defineScenario({
  fault:
    'The shop runs under uWSGI, which kills each process that is at a request for more than four seconds (--harakiri 4); the payment service takes seven for each answer.',
  because:
    'Process after process is killed by uWSGI itself ("*** HARAKIRI ON WORKER 1 ***") and started again, with the request lost: nginx says 502, "upstream prematurely closed connection". Each was waiting for the payment service, which is slow from every host; the database and the cache answer at once. The kills are what the slowness does to the app, not a crash of its own.',
  service: 'shop',
  users: [502, 503, 504],
  settleSeconds: 8,
  inject: async (lab) => {
    lab.web.forEach((host) => runUwsgiShop(host, '--processes 4', '--listen 32', '--harakiri 4'));
    await untilWell(lab);
    setPayments(lab, 'slow 7');
    startLoad('http://shop.lab.test/', 30);
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
    root: 'dependency-slow',
    notSaid: ['not-started', 'database-connections', 'deployment', 'routing', 'deliberate'],
  },
});
