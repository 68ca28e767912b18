import { endHolder, holdSessions } from '../faults/hold-sessions.js';
import { endSessions, sql } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Somebody who tidies up gave the role of the shop an idle_session_timeout of 400 ms: each worker finds its session ended when the next page comes. A monitoring agent with an old password is refused by the same database several times a second, as ever.',
  because:
    'About every other page fails with "terminating connection due to idle-session timeout" on all hosts, and the next of the same worker is well, for it has opened a new session; members go down and up by it. The database runs, has slots to spare, and all that it refuses outright is the agent, of which no page knows.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 14,
  inject: (lab) => {
    holdSessions(lab, {
      on: 'pay-1',
      url: 'postgresql://zabbix:of-last-year@db.lab.test/postgres',
      application: 'zabbix',
      sessions: 1,
    });
    sql(lab, "alter role shop set idle_session_timeout = '400ms'");
    endSessions(lab, 'shop');
  },
  heal: (lab) => {
    endHolder(lab, 'pay-1');
    sql(lab, 'alter role shop reset idle_session_timeout');
    lab.web.forEach((host) => startAnew(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    confidence: ['confirmed', 'likely', 'possible'],
    root: [
      'app-blames-dependency',
      'app-refused-by-dependency',
      'dependency-failing',
      'app-refused-connection',
    ],
    notSaid: [
      'connections-exhausted',
      'dependency-unreachable',
      'overload',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
    ],
  },
});
