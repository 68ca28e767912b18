import { endSessions, openSessions } from '../faults/sql-session.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Somebody locked the table of tickets in a session past PgBouncer and forgot the transaction: every page of the desk waits for it. On web-2 the desk is stopped besides.',
  because:
    "Clients wait at the pooler and the desk's own pool has no connection left, but both only because every session of the server waits for the one lock; whoever holds it is idle in a transaction. To start web-2 would bring one more host that waits: true, and not the cause.",
  service: 'desk',
  users: [503],
  settleSeconds: 8,
  inject: (lab) => {
    lab.host('web-2').run('systemctl', 'stop', 'desk');
    openSessions(lab, 'desk', 'begin; lock table tickets in access exclusive mode;');
  },
  heal: (lab) => {
    endSessions(lab);
    lab.web.forEach((host) => startAnew(host, 'desk'));
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['sessions-blocked-by-lock', 'idle-in-transaction'],
    hop: 'balancer',
    found: ['unit-inactive'],
    notSaid: ['dependency', 'deployment', 'routing', 'deliberate', 'connections-exhausted'],
  },
});
