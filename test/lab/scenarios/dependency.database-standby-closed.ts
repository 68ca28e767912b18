import { defineScenario } from '../scenario.js';
import { endRecovery, becomeStandby } from '../faults/recovery.js';

export default defineScenario({
  fault: 'The database came back as a standby that lets nobody in (hot_standby = off).',
  because: 'It answers each login with 57P03: not accepting connections.',
  service: 'shop',
  users: [503],
  inject: (lab) => becomeStandby(lab),
  heal: (lab) => endRecovery(lab),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: 'confirmed',
    root: 'dependency-failing',
    hop: 'balancer',
    notSaid: ['connections-exhausted', 'overload'],
  },
});
