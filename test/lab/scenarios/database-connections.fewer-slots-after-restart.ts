import { setTimeout as sleep } from 'node:timers/promises';
import { endHolder, holdSessions } from '../faults/hold-sessions.js';
import { endSessions, sql } from '../faults/sql.js';
import type { Lab } from '../lab.js';
import { defineScenario } from '../scenario.js';

const restartDatabase = (lab: Lab): string =>
  lab.host('db-1').run('systemctl', 'restart', 'postgresql@15-main');

export default defineScenario({
  fault:
    'The database was restarted with twelve connections instead of thirty; the reports, which always had twelve, were quicker than the shop.',
  because:
    'The app is told that no slot is left. The server is up since the restart and serves whoever came first: its limit, not its health, has changed.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: async (lab) => {
    sql(lab, "create role reports login password 'reports-secret'");
    sql(lab, 'alter system set max_connections = 12');
    restartDatabase(lab);
    holdSessions(lab, {
      on: 'pay-1',
      url: 'postgresql://reports:reports-secret@db.lab.test/shop',
      application: 'reports',
      sessions: 12,
    });
    // Who was quicker is decided here: what the shop got is taken from it until the reports have all.
    for (let times = 0; times < 6; times += 1) {
      await sleep(500);
      endSessions(lab, 'shop');
    }
  },
  heal: (lab) => {
    endHolder(lab, 'pay-1');
    sql(lab, 'alter system reset max_connections');
    restartDatabase(lab);
    endSessions(lab, 'reports');
    sql(lab, 'drop role if exists reports');
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely'],
    root: ['connections-exhausted', 'app-refused-connection'],
    hop: 'balancer',
    notSaid: ['overload', 'dependency', 'deployment', 'not-started', 'idle-in-transaction'],
  },
});
