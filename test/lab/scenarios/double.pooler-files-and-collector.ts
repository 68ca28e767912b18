import { setTimeout as sleep } from 'node:timers/promises';
import { endHolder, holdSessions } from '../faults/hold-sessions.js';
import { startAnew } from '../faults/start-anew.js';
import { layDropIn, restoreUnit } from '../faults/unit-drop-in.js';
import { untilUsersGet } from '../wellness.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A hardening template left PgBouncer 28 open files (LimitNOFILE), and a collector of metrics keeps as many idle clients there as it gets; the desk was restarted and gets none.',
  because:
    'PgBouncer logs "accept() failed: Too many open files": a connection to its port opens and then nobody says a word. It is far from its own limit of 60 clients, no pool of it is in use and the server has slots to spare; that the pool of the app runs out of time and says QueuePool limit is what follows from it.',
  service: 'desk',
  users: [503],
  settleSeconds: 7,
  inject: async (lab) => {
    const pooler = lab.host('pool-1');
    layDropIn(pooler, 'pgbouncer', ['[Service]', 'LimitNOFILE=28']);
    pooler.sh('systemctl daemon-reload; systemctl restart pgbouncer');
    // It has its connections to the server first.
    await untilUsersGet('http://desk.lab.test/', [200]);
    holdSessions(lab, {
      on: 'pay-1',
      url: 'postgresql://desk:desk-secret@pool.lab.test:6432/desk',
      application: 'collector',
      sessions: 40,
    });
    await sleep(3000);
    lab.web.forEach((host) => startAnew(host, 'desk'));
  },
  heal: (lab) => {
    endHolder(lab, 'pay-1');
    restoreUnit(lab.host('pool-1'), 'pgbouncer');
    lab.web.forEach((host) => startAnew(host, 'desk'));
  },
  expect: {
    status: 'cause-found',
    confidence: ['confirmed', 'likely', 'possible'],
    root: [
      'file-descriptors-exhausted',
      'dependency-unreachable',
      'dependency-failing',
      'dependency-slow',
      'app-blames-dependency',
      'app-refused-by-dependency',
      'app-refused-connection',
    ],
    notSaid: ['connections-exhausted', 'deployment', 'not-started', 'routing', 'deliberate'],
  },
});
