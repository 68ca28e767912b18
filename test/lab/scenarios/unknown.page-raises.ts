import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The start page raises an exception in old code, on every host; the health page does not.',
  because:
    'Users get 500 of the app itself, not 503. The journal has the traceback, and nothing that diag503 knows is broken.',
  service: 'shop',
  users: [500],
  settleSeconds: 3,
  inject: ({ web }) =>
    web.forEach((host) =>
      wakeBug(
        host,
        'shop',
        'app.py',
        's/^    if path in PAGES:/    if path == "\\/":\\n        raise KeyError("basket")\\n&/',
      ),
    ),
  heal: ({ web }) =>
    web.forEach((host) => {
      bugSleeps(host, 'shop', 'app.py');
      startAnew(host, 'shop');
    }),
  expect: {
    status: 'inconclusive',
    cause: null,
    hop: 'app',
    notSaid: ['dependency', 'database-connections', 'deployment', 'overload', 'not-started', 'health-check'],
  },
});
