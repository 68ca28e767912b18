import { setTimeout as sleep } from 'node:timers/promises';
import { endLoad, startLoad } from '../faults/load.js';
import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { setPayments } from '../faults/payments.js';
import { startAnew } from '../faults/start-anew.js';
import { untilWell } from '../wellness.js';
import { defineScenario } from '../scenario.js';

/** An old kindness: who is refused by payments asks again, ten times, and rests a second in between. */
const PATIENTLY = [
  'def ask_payments():',
  '    for again in range(10):',
  '        try:',
  '            return urllib.request.urlopen(PAYMENTS_URL, timeout=8)',
  '        except OSError:',
  '            time.sleep(1)',
  '    return urllib.request.urlopen(PAYMENTS_URL, timeout=8)',
].join('\\n');
const OLD_CODE = [
  `s|^def page(|${PATIENTLY}\\n\\n\\n&|`,
  's|with urllib.request.urlopen(PAYMENTS_URL, timeout=8) as|with ask_payments() as|',
].join('; ');

export default defineScenario({
  fault:
    'The payment service answers 502 to every call, at once; the code of the shop asks it eleven times for each page, with a second in between, and says nothing until the last: a storm of calls there, and not one free worker here.',
  because:
    'Every worker is in a request, without CPU, and rests between two calls of payments; the queues of the ports run over and the health page, which does without payments, finds no worker. Each answer of payments comes at once and is a 502, from every host: that is the beginning, the rest follows.',
  service: 'shop',
  users: [0, 503, 504],
  settleSeconds: 12,
  inject: async (lab) => {
    lab.web.forEach((host) => wakeBug(host, 'shop', 'app.py', OLD_CODE));
    // The workers with the code of before have ended by then.
    await sleep(6000);
    await untilWell(lab);
    setPayments(lab, 'status 502');
    startLoad('http://shop.lab.test/', 30, 300);
  },
  heal: (lab) => {
    endLoad();
    setPayments(lab, 'ok');
    lab.web.forEach((host) => {
      bugSleeps(host, 'shop', 'app.py');
      startAnew(host, 'shop');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['dependency-failing', 'app-blames-dependency', 'app-refused-by-dependency'],
    notSaid: ['database-connections', 'deployment', 'not-started', 'routing', 'deliberate'],
  },
});
