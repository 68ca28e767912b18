import { endSessions, sql } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A hardening of the database took the right to connect to the database of the desk from everybody, and the role of the desk was not given it back.',
  because:
    'The app quotes what PgBouncer was told: permission denied for database "desk". The server has room and lets other roles into other databases; the pooler runs and takes clients.',
  service: 'desk',
  users: [503],
  settleSeconds: 6,
  inject: (lab) => {
    sql(lab, 'revoke connect on database desk from public, desk');
    endSessions(lab, 'desk');
  },
  heal: (lab) => {
    sql(lab, 'grant connect on database desk to public, desk');
    lab.web.forEach((host) => startAnew(host, 'desk'));
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['app-refused-by-dependency', 'dependency-failing', 'app-blames-dependency'],
    hop: 'balancer',
    notSaid: [
      'connections-exhausted',
      'idle-in-transaction',
      'dependency-unreachable',
      'overload',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
    ],
  },
});
