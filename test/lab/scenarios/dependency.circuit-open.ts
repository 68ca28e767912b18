import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The breaker in the app is open since payments failed some time ago, and lets no call through although payments is well again.',
  because:
    'The app names it for every page: "CircuitBreaker payments is OPEN". Nobody but the app holds the way closed.',
  service: 'shop',
  users: [503],
  settleSeconds: 3,
  inject: ({ web }) =>
    web.forEach((host) =>
      wakeBug(
        host,
        'shop',
        'app.py',
        's/^            step = "payments"/&\\n            raise RuntimeError("CircuitBreaker payments is OPEN and does not permit further calls")/',
      ),
    ),
  heal: ({ web }) =>
    web.forEach((host) => {
      bugSleeps(host, 'shop', 'app.py');
      startAnew(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['likely', 'possible'],
    hop: 'app',
    notSaid: ['database-connections', 'deployment', 'not-started', 'overload', 'deliberate'],
  },
});
