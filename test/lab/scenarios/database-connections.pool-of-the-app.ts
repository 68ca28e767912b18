import { defineScenario } from '../scenario.js';
import { askMany } from '../faults/ask-many.js';
import { restart } from '../faults/restart.js';

export default defineScenario({
  fault: "Requests on every host keep the connections of the desk's own pool and do nothing with them.",
  because: 'SQLAlchemy has no connection left in its pool, while the pooler and the server have room.',
  service: 'desk',
  users: [503],
  settleSeconds: 5,
  inject: ({ web }) =>
    askMany(
      web.map(({ address }) => `http://${address}:9100/hold?60`),
      4,
      65,
    ),
  heal: ({ web }) => restart(web, 'desk'),
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely'],
    root: 'app-pool-exhausted',
    notSaid: ['connections-exhausted', 'pooler-queue-waiting', 'dependency'],
  },
});
