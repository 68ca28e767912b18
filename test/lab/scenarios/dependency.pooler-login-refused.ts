import { tellPooler } from '../faults/pooler-console.js';
import { startAnew } from '../faults/start-anew.js';
import { endSessions, sql } from '../faults/sql.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: "The password of the desk's role was changed in the database, and PgBouncer has the old one.",
  because:
    'The app is let in by the pooler, which is itself refused: "password authentication failed" comes from behind it.',
  service: 'desk',
  users: [503],
  settleSeconds: 5,
  inject: (lab) => {
    sql(lab, "alter role desk password 'rotated-secret'");
    tellPooler(lab, 'RECONNECT');
    endSessions(lab, 'desk');
  },
  heal: (lab) => {
    sql(lab, "alter role desk password 'desk-secret'");
    tellPooler(lab, 'RECONNECT');
    lab.web.forEach((host) => startAnew(host, 'desk'));
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    hop: 'balancer',
    notSaid: ['database-connections', 'overload', 'deployment', 'not-started'],
  },
});
