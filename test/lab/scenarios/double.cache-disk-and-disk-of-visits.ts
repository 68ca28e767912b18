import { fillDisk, freeDisk } from '../faults/full-disk.js';
import { defineScenario } from '../scenario.js';

const SHIPPER = 'visits-shipper';
const FOLDER = '/var/lib/shop';
/** Its buffer was rotated away, and it goes on writing into the file that has no name any more. */
const KEEPS_OPEN = `exec 3>${FOLDER}/shipper.buf; rm ${FOLDER}/shipper.buf
dd if=/dev/zero bs=64k 2>/dev/null >&3 || :
exec sleep 900`;

export default defineScenario({
  fault:
    'On every host a shipper of visits keeps a deleted file open that has filled the disk of the visits; and the disk of the cache is full as well, so that Redis could not save and takes no write.',
  because:
    'Pages and health page alike end at the cache, which answers MISCONF to each write: no request comes as far as the file of visits. The full disk of the hosts is real and must be told, for it is what fails next; to free it alone changes nothing for anybody.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: ({ web, host }) => {
    for (const each of web) {
      each.sh(`
        owner=$(stat -c %u:%g ${FOLDER}) mode=$(stat -c %a ${FOLDER})
        mount -t tmpfs -o size=8m lab-disk ${FOLDER}
        chown "$owner" ${FOLDER}; chmod "$mode" ${FOLDER}`);
      each.run(
        ...['systemd-run', '-q', '--collect', `--unit=${SHIPPER}`, '--property=TimeoutStopSec=3'],
        ...['sh', '-c', KEEPS_OPEN],
      );
      each.sh(`for i in $(seq 50); do
        [ $(df --output=avail ${FOLDER} | tail -n 1) -eq 0 ] && break; sleep 0.1; done`);
    }
    const cache = host('cache-1');
    // It stands in its folder as that was when it started.
    cache.run('systemctl', 'stop', 'redis-server');
    fillDisk(cache, '/var/lib/redis');
    cache.sh('systemctl start redis-server; redis-cli -a cache-secret bgsave >/dev/null 2>&1; sleep 1');
  },
  heal: ({ web, host }) => {
    const cache = host('cache-1');
    // Asked to stop, it does not go without a save.
    cache.sh('systemctl kill --kill-whom=main -s KILL redis-server || :; systemctl stop redis-server');
    freeDisk(cache, '/var/lib/redis');
    cache.run('systemctl', 'start', 'redis-server');
    for (const each of web) {
      each.sh(`systemctl stop ${SHIPPER} 2>/dev/null || :`);
      freeDisk(each, FOLDER);
    }
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['dependency-failing', 'app-refused-by-dependency', 'app-blames-dependency'],
    hop: ['app', 'balancer'],
    found: ['disk-full'],
    notSaid: ['deployment', 'not-started', 'database-connections', 'routing', 'deliberate'],
  },
});
