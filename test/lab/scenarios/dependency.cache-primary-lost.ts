import { defineScenario } from '../scenario.js';
import { redis } from '../faults/redis.js';

export default defineScenario({
  fault: 'Redis is a replica that lost its primary and must not serve old data.',
  because: 'It refuses everything with MASTERDOWN.',
  service: 'shop',
  users: [503],
  inject: (lab) => {
    redis(lab, 'CONFIG', 'SET', 'replica-serve-stale-data', 'no');
    redis(lab, 'REPLICAOF', '10.203.0.99', '6379');
  },
  heal: (lab) => {
    redis(lab, 'REPLICAOF', 'NO', 'ONE');
    redis(lab, 'CONFIG', 'SET', 'replica-serve-stale-data', 'yes');
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: 'confirmed',
    root: 'dependency-failing',
    hop: 'balancer',
    notSaid: ['overload', 'database-connections'],
  },
});
