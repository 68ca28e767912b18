import { setTimeout as sleep } from 'node:timers/promises';
import { endHolder, holdSessions } from '../faults/hold-sessions.js';
import { endSessions, sql } from '../faults/sql.js';
import type { Lab } from '../lab.js';
import { defineScenario } from '../scenario.js';

const restartDatabase = (lab: Lab): string =>
  lab.host('db-1').run('systemctl', 'restart', 'postgresql@15-main');

export default defineScenario({
  fault:
    'A run of the configuration management keeps 26 of the 30 connections of the database for superusers (superuser_reserved_connections) and restarted it; a collector of metrics has the four that are left.',
  because:
    'The app quotes it: remaining connection slots are reserved for superusers. The server runs and three quarters of its slots are free, for nobody who serves customers.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: async (lab) => {
    sql(lab, "create role metrics login password 'metrics-secret'");
    sql(lab, 'alter system set superuser_reserved_connections = 26');
    restartDatabase(lab);
    holdSessions(lab, {
      on: 'cache-1',
      url: 'postgresql://metrics:metrics-secret@db.lab.test/postgres',
      application: 'collector',
      sessions: 6,
    });
    // Who was quicker is decided here: the collector asks again at once, the app with its next page.
    for (let times = 0; times < 6; times += 1) {
      await sleep(500);
      endSessions(lab, 'shop');
      endSessions(lab, 'desk');
    }
  },
  heal: (lab) => {
    endHolder(lab, 'cache-1');
    sql(lab, 'alter system reset superuser_reserved_connections');
    restartDatabase(lab);
    endSessions(lab, 'metrics');
    sql(lab, 'drop role if exists metrics');
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely'],
    root: ['connections-exhausted', 'app-refused-connection'],
    hop: 'balancer',
    notSaid: [
      'dependency-unreachable',
      'idle-in-transaction',
      'sessions-blocked-by-lock',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
    ],
  },
});
