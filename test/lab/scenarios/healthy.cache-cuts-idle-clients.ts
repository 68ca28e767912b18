import { redis } from '../faults/redis.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Redis ends every connection that was idle for a second, since somebody set its timeout.',
  because: 'The app opens a new one whenever it needs one: users get 200.',
  service: 'shop',
  users: [200],
  settleSeconds: 8,
  inject: (lab) => void redis(lab, 'CONFIG', 'SET', 'timeout', '1'),
  heal: (lab) => void redis(lab, 'CONFIG', 'SET', 'timeout', '0'),
  expect: { status: 'healthy', cause: null },
});
