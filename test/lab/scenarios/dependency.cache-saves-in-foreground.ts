import { endProgram } from '../faults/background-program.js';
import { redis, untilAnswers } from '../faults/redis.js';
import { defineScenario } from '../scenario.js';

const UNIT = 'cache-copy';

/** A database of Redis that neither shop nor desk uses. */
const ARCHIVE = '4';

/** A fresh copy for the other site, as often as it can be had. */
const COPY = `while :; do
  redis-cli --no-auth-warning -a cache-secret SAVE && cp /var/lib/redis/dump.rdb /var/tmp/cache-copy.rdb
  sleep 1
done`;

export default defineScenario({
  fault:
    'A script keeps a copy of the cache for another site and calls SAVE for it, not BGSAVE, again as soon as the last copy is done. The cache has grown and its disk is slow, so that each save takes a dozen seconds.',
  because:
    'SAVE is done in the one thread that serves everybody: Redis takes connections and says nothing for twelve seconds, then answers for one, and so on. The app says "Timeout reading from socket" for the cache on every host, probes of it wait just as long, and its log of slow commands has one SAVE after another. Workers wait and compute nothing.',
  service: 'shop',
  users: [503, 0],
  settleSeconds: 12,
  inject: (lab) => {
    redis(lab, '-n', ARCHIVE, 'DEBUG', 'POPULATE', '3000', 'archive', '200');
    lab.host('cache-1').sh(`for i in $(seq 50); do
        redis-cli --no-auth-warning -a cache-secret SAVE | grep -q OK && exit 0; sleep 0.2; done; exit 1`);
    // The disk is as slow as this: 4 ms for each key.
    redis(lab, 'CONFIG', 'SET', 'rdb-key-save-delay', '4000');
    lab.host('cache-1').run('systemd-run', '-q', '--collect', `--unit=${UNIT}`, 'sh', '-c', COPY);
  },
  heal: (lab) => {
    endProgram(lab.host('cache-1'), UNIT);
    lab.host('cache-1').run('rm', '-f', '/var/tmp/cache-copy.rdb');
    untilAnswers(lab);
    redis(lab, 'CONFIG', 'SET', 'rdb-key-save-delay', '0');
    redis(lab, '-n', ARCHIVE, 'FLUSHDB');
    redis(lab, 'SLOWLOG', 'RESET');
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['dependency-slow', 'dependency-unreachable', 'dependency-failing', 'app-blames-dependency'],
    hop: ['balancer', 'app'],
    notSaid: [
      'cpu-saturated',
      'memory-exhausted',
      'database-connections',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
    ],
  },
});
