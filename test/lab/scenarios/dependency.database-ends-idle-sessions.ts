import { startAnew } from '../faults/start-anew.js';
import { endSessions, sql } from '../faults/sql.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Against forgotten sessions the database ends each of the role of the shop that was idle for 0.3 s (idle_session_timeout); the app keeps its session between two pages and notices only with the next one.',
  because:
    'Each worker fails with every other page, and with every other check, in the words of the database: "terminating connection due to idle-session timeout"; the page after that opens a new session and is served. Members go down and come back by chance. The database is up, has slots left, and lets everybody in.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 15,
  inject: (lab) => {
    sql(lab, "alter role shop set idle_session_timeout = '300ms'");
    endSessions(lab, 'shop');
  },
  heal: (lab) => {
    sql(lab, 'alter role shop reset idle_session_timeout');
    lab.web.forEach((host) => startAnew(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['app-refused-by-dependency', 'app-blames-dependency', 'dependency-failing'],
    notSaid: [
      'overload',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
      'connections-exhausted',
      'idle-in-transaction',
      'dependency-unreachable',
    ],
  },
});
