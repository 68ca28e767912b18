import { limitFiles } from '../faults/limits.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The workers may open so few files that a page cannot reach what it needs.',
  because: 'The app says "Too many open files" of its own call, though the payment service is well.',
  service: 'shop',
  users: [503],
  settleSeconds: 3,
  inject: ({ web }) => web.forEach((host) => limitFiles(host, 'shop', 12)),
  heal: ({ web }) => web.forEach((host) => startAnew(host, 'shop')),
  expect: {
    status: 'cause-found',
    cause: 'overload',
    root: 'file-descriptors-exhausted',
    hop: 'app',
    notSaid: ['dependency', 'database-connections', 'not-started'],
  },
});
