import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

/** What the shop does since long before it asks for anything that it needs. */
const ASKS = [
  '    try:',
  '        urllib.request.urlopen("http://payments.lab.test:8099/recommendations", timeout=1)',
  '    except OSError as error:',
  '        print("shop: recommendations: %s" % error, flush=True)',
].join('\\n');

export default defineScenario({
  fault:
    'Each page asks for recommendations, whose service is gone; the app says so in its log and shows the page without.',
  because:
    'The journal of every host has "recommendations: Connection refused" for each page and each check, and each of them is a 200: the app can do without.',
  service: 'shop',
  users: [200],
  settleSeconds: 6,
  inject: ({ web }) =>
    web.forEach((host) => wakeBug(host, 'shop', 'app.py', `s|^    step = "database"$|${ASKS}\\n&|`)),
  heal: ({ web }) =>
    web.forEach((host) => {
      bugSleeps(host, 'shop', 'app.py');
      startAnew(host, 'shop');
    }),
  expect: { status: 'healthy', cause: null },
});
