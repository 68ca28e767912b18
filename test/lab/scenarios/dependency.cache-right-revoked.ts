import { redis } from '../faults/redis.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The login of the shop at Redis lost the right to INCRBY.',
  because: 'Redis says NOPERM to the app and PONG to everybody: it runs, and refuses what the app needs.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: (lab) => void redis(lab, 'ACL', 'SETUSER', 'default', '-incrby'),
  heal: (lab) => void redis(lab, 'ACL', 'SETUSER', 'default', '+@all'),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: ['app-refused-by-dependency', 'app-blames-dependency'],
    hop: 'balancer',
    notSaid: ['database-connections', 'overload', 'deployment', 'not-started'],
  },
});
