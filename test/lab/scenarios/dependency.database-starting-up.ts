import { defineScenario } from '../scenario.js';
import { endRecovery, startRecovery } from '../faults/recovery.js';

export default defineScenario({
  fault: 'The database was restored from a backup and waits for its archive: for minutes it is starting up.',
  because: '57P03 is no exhaustion: the server is there and not ready.',
  service: 'shop',
  users: [503],
  inject: (lab) => startRecovery(lab),
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
