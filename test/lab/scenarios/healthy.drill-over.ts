import { endHolder, holdSessions } from '../faults/hold-sessions.js';
import { setAside, setReady } from '../faults/members.js';
import { redis } from '../faults/redis.js';
import { defineScenario } from '../scenario.js';
import { untilUsersGet } from '../wellness.js';

/** Words of the scripts of the drill, in the journal of each host. */
const WORDS = [
  '[CRITICAL] WORKER TIMEOUT (pid:4711)',
  'FATAL:  sorry, too many clients already',
  'Out of memory: Killed process 4711 (python3)',
  'redis.exceptions.ConnectionError: Error 111 connecting to cache.lab.test:6379. Connection refused.',
];

export default defineScenario({
  fault:
    'A drill ended some seconds ago: all members were in maintenance for a moment, its scripts wrote frightening lines into the journals, the cache stood still for a second, and three transactions of it are still open.',
  because:
    'Users get 200 and every member is up. What the journals say was written by the drill and not by the app, the slow command of the cache is over, and three open transactions of thirty hold no lock that a page wants.',
  service: 'desk',
  users: [200],
  settleSeconds: 3,
  inject: async (lab) => {
    setAside(lab, 'desk', 'maint');
    await untilUsersGet('http://desk.lab.test/', [503]);
    for (const host of lab.web) for (const words of WORDS) host.run('logger', '-t', 'drill', words);
    redis(lab, 'DEBUG', 'SLEEP', '1.2');
    holdSessions(lab, {
      on: 'pay-1',
      url: 'postgresql://desk:desk-secret@db.lab.test/desk',
      application: 'drill',
      sessions: 3,
      statements: ['select count(*) from tickets'],
      inTransaction: true,
    });
    setReady(lab, 'desk');
  },
  heal: (lab) => {
    endHolder(lab, 'pay-1');
    setReady(lab, 'desk');
  },
  expect: { status: 'healthy', cause: null },
});
