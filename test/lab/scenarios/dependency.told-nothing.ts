import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The cache is stopped, and nobody told diag503 that the app has one.',
  because:
    'The app says on every host whom it cannot reach: "Error 111 connecting to cache…: Connection refused".',
  service: 'shop-bare',
  users: [503],
  inject: ({ host }) => void host('cache-1').run('systemctl', 'stop', 'redis-server'),
  heal: ({ host }) => void host('cache-1').run('systemctl', 'start', 'redis-server'),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['likely', 'possible'],
    hop: 'app',
    notSaid: ['overload', 'not-started', 'database-connections'],
  },
});
