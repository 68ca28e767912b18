import { defineScenario } from '../scenario.js';
import { redis } from '../faults/redis.js';

export default defineScenario({
  fault: 'Redis was made a replica of a host that does not exist.',
  because: 'It answers PING and reads, and refuses every write with READONLY.',
  service: 'shop',
  users: [503],
  inject: (lab) => void redis(lab, 'REPLICAOF', '10.203.0.99', '6379'),
  heal: (lab) => void redis(lab, 'REPLICAOF', 'NO', 'ONE'),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: 'dependency-failing',
    hop: 'balancer',
    notSaid: ['overload', 'database-connections'],
  },
});
