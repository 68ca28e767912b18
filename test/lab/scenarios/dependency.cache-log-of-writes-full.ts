import { freeDisk } from '../faults/full-disk.js';
import { redis } from '../faults/redis.js';
import { defineScenario } from '../scenario.js';

const FOLDER = '/var/lib/redis';

export default defineScenario({
  fault:
    'Redis writes every change into a file (appendonly), and an archive that a rotation left beside it filled the disk of the cache.',
  because:
    'It refuses every write with "MISCONF Errors writing to the AOF file: No space left on device", and answers PING and reads.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: (lab) => {
    const cache = lab.host('cache-1');
    // It stands in its folder as that was when it started.
    cache.sh(`systemctl stop redis-server
      owner=$(stat -c %u:%g ${FOLDER}) mode=$(stat -c %a ${FOLDER})
      mount -t tmpfs -o size=3m lab-disk ${FOLDER}
      chown "$owner" ${FOLDER}; chmod "$mode" ${FOLDER}
      systemctl start redis-server`);
    redis(lab, 'CONFIG', 'SET', 'save', '');
    redis(lab, 'CONFIG', 'SET', 'appendonly', 'yes');
    cache.sh(`sleep 1
      timeout 15 sh -c 'until redis-cli --no-auth-warning -a cache-secret INFO persistence |
        grep -q "^aof_rewrite_in_progress:0"; do sleep 0.2; done'
      dd if=/dev/zero of=${FOLDER}/appendonly.1.gz bs=4k 2>/dev/null || :`);
    // What is left of the last page of the file takes some counts more.
    for (let times = 0; times < 3; times += 1) redis(lab, 'SET', 'basket:7', 'x'.repeat(10_000));
  },
  heal: ({ host }) => {
    const cache = host('cache-1');
    // Asked to stop, it does not go without writing.
    cache.sh('systemctl kill --kill-whom=main -s KILL redis-server || :; systemctl stop redis-server');
    freeDisk(cache, FOLDER);
    cache.run('systemctl', 'start', 'redis-server');
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: ['dependency-failing', 'app-refused-by-dependency', 'app-blames-dependency'],
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
