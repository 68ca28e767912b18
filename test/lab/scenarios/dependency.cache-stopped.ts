import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Redis is stopped.',
  because: 'Nothing listens on its port, and every answer of the app names the cache.',
  service: 'shop',
  users: [503],
  inject: (lab) => void lab.host('cache-1').run('systemctl', 'stop', 'redis-server'),
  heal: (lab) => void lab.host('cache-1').run('systemctl', 'start', 'redis-server'),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: 'confirmed',
    root: 'dependency-unreachable',
    hop: 'balancer',
    notSaid: ['overload', 'database-connections'],
  },
});
