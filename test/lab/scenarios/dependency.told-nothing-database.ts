import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The database is stopped, and nobody told diag503 that the app has one.',
  because: 'The app says on every host whom it cannot reach: port 5432 refuses.',
  service: 'shop-bare',
  users: [503],
  settleSeconds: 3,
  inject: ({ host }) => void host('db-1').run('systemctl', 'stop', 'postgresql@15-main'),
  heal: ({ host }) => void host('db-1').run('systemctl', 'start', 'postgresql@15-main'),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['likely', 'possible'],
    notSaid: ['overload', 'database-connections', 'deployment', 'not-started'],
  },
});
