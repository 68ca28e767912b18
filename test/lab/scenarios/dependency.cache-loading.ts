import { defineScenario } from '../scenario.js';
import { endLoading, restartLoading } from '../faults/redis-loading.js';

export default defineScenario({
  fault: 'Redis was restarted and loads a large data set.',
  because: 'Every command is refused with LOADING; it will end by itself.',
  service: 'shop',
  users: [503],
  inject: (lab) => restartLoading(lab),
  heal: (lab) => endLoading(lab),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: 'confirmed',
    root: 'dependency-failing',
    hop: 'balancer',
    notSaid: ['overload', 'database-connections'],
  },
});
