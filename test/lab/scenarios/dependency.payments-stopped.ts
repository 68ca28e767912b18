import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The payment service is stopped; its host is up.',
  because:
    'Each page fails with "Connection refused" of that service, and so does a connection from each host.',
  service: 'shop',
  users: [503],
  inject: ({ host }) => void host('pay-1').run('systemctl', 'stop', 'payments'),
  heal: ({ host }) => void host('pay-1').run('systemctl', 'start', 'payments'),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: 'confirmed',
    root: 'dependency-unreachable',
    hop: 'app',
    notSaid: ['overload', 'not-started', 'database-connections', 'deployment'],
  },
});
