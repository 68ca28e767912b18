import { tellPooler } from '../faults/pooler-console.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Somebody paused the pool of the desk in PgBouncer for an upgrade and forgot to resume it.',
  because:
    'PgBouncer lets clients in and gives none of them a server connection: all wait, none is served, and the database has room.',
  service: 'desk',
  users: [503],
  settleSeconds: 9,
  inject: (lab) => tellPooler(lab, 'PAUSE'),
  heal: (lab) => {
    tellPooler(lab, 'RESUME');
    lab.web.forEach((host) => startAnew(host, 'desk'));
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['pooler-queue-waiting', 'app-pool-exhausted'],
    hop: 'balancer',
    found: ['pooler-queue-waiting'],
    notSaid: ['connections-exhausted', 'overload', 'deployment', 'not-started'],
  },
});
