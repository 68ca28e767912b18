import { redis } from '../faults/redis.js';
import { endSessions, sql } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The password of the role of the shop was good until yesterday only (VALID UNTIL), which shows since a night job ended all sessions; besides, the cache has used all the memory that it may and evicts what was not used for longest.',
  because:
    'The app quotes the database: password authentication failed for user "shop". Nobody changed a password, it has run out; whoever else asks is let in, and slots are left. The cache is full and takes every write, as a cache does.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: (lab) => {
    redis(lab, 'CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    redis(lab, 'DEBUG', 'POPULATE', '30000', 'page', '200');
    redis(lab, 'CONFIG', 'SET', 'maxmemory', '6mb');
    sql(lab, "alter role shop valid until 'yesterday'");
    endSessions(lab, 'shop');
  },
  heal: (lab) => {
    // There is no statement that takes the date away again.
    sql(lab, "update pg_authid set rolvaliduntil = null where rolname = 'shop'");
    redis(lab, 'CONFIG', 'SET', 'maxmemory', '0');
    redis(lab, 'CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    redis(lab, 'FLUSHALL');
    lab.web.forEach((host) => startAnew(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: ['app-refused-by-dependency', 'dependency-failing', 'app-blames-dependency'],
    hop: 'balancer',
    notSaid: [
      'database-connections',
      'overload',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
      'dependency-unreachable',
    ],
  },
});
