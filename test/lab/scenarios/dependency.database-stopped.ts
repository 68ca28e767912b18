import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The database is stopped.',
  because: 'Nothing listens on its port; the app names it in each answer.',
  service: 'shop',
  users: [503],
  inject: (lab) => void lab.host('db-1').run('systemctl', 'stop', 'postgresql@15-main'),
  heal: (lab) => void lab.host('db-1').run('systemctl', 'start', 'postgresql@15-main'),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: 'confirmed',
    root: 'dependency-unreachable',
    hop: 'balancer',
    notSaid: ['connections-exhausted', 'overload'],
  },
});
