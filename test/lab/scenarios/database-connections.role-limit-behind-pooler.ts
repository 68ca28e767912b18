import { tellPooler } from '../faults/pooler-console.js';
import { startAnew } from '../faults/start-anew.js';
import { endSessions, sql } from '../faults/sql.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    "The desk's role may have no session at all any more (CONNECTION LIMIT 0), and PgBouncer is told so for it.",
  because:
    'The refusal comes from behind the pooler: "too many connections for role". The server has room, and the pooler runs.',
  service: 'desk',
  users: [503],
  settleSeconds: 5,
  inject: (lab) => {
    sql(lab, 'alter role desk connection limit 0');
    tellPooler(lab, 'RECONNECT');
    endSessions(lab, 'desk');
  },
  heal: (lab) => {
    sql(lab, 'alter role desk connection limit -1');
    tellPooler(lab, 'RECONNECT');
    lab.web.forEach((host) => startAnew(host, 'desk'));
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['connections-exhausted', 'pooler-queue-waiting'],
    hop: 'balancer',
    notSaid: ['overload', 'deployment', 'not-started'],
  },
});
