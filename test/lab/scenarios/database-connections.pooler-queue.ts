import { defineScenario } from '../scenario.js';
import { askMany } from '../faults/ask-many.js';
import { restart } from '../faults/restart.js';
import { endSessions } from '../faults/sql.js';

export default defineScenario({
  fault: 'Slow pages of the desk hold all six server connections of its pool at PgBouncer.',
  because: 'Clients wait at the pooler, while the server has room for more.',
  service: 'desk',
  users: [503],
  settleSeconds: 4,
  inject: ({ web }) =>
    askMany(
      web.map(({ address }) => `http://${address}:9100/slow?40`),
      3,
      50,
    ),
  heal: (lab) => {
    restart(lab.web, 'desk');
    endSessions(lab, 'desk');
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely'],
    root: 'pooler-queue-waiting',
    notSaid: ['cpu-saturated', 'connections-exhausted'],
  },
});
