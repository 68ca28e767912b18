import { redis } from '../faults/redis.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Redis has used all the memory that it may, and evicts what was not used for longest.',
  because: 'A cache that is full and may evict (allkeys-lru) takes every write: users get 200.',
  service: 'shop',
  users: [200],
  settleSeconds: 4,
  inject: (lab) => {
    redis(lab, 'CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    redis(lab, 'DEBUG', 'POPULATE', '30000', 'page', '200');
    redis(lab, 'CONFIG', 'SET', 'maxmemory', '6mb');
  },
  heal: (lab) => {
    redis(lab, 'CONFIG', 'SET', 'maxmemory', '0');
    redis(lab, 'CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    redis(lab, 'FLUSHALL');
  },
  expect: { status: 'healthy', cause: null },
});
