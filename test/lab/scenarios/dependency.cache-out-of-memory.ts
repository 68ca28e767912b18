import { defineScenario } from '../scenario.js';
import { redis } from '../faults/redis.js';

export default defineScenario({
  fault: 'Redis has used all its memory and may evict nothing.',
  because: 'PING is answered while every write is refused with OOM.',
  service: 'shop',
  users: [503],
  inject: (lab) => {
    redis(lab, 'CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    redis(lab, 'CONFIG', 'SET', 'maxmemory', '600kb');
  },
  heal: (lab) => void redis(lab, 'CONFIG', 'SET', 'maxmemory', '0'),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: 'confirmed',
    root: 'dependency-failing',
    hop: 'balancer',
    notSaid: ['overload', 'database-connections'],
  },
});
