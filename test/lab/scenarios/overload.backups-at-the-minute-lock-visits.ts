import { endLoad, startLoad } from '../faults/load.js';
import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const JOB = 'backup-visits';
const VISITS = '/var/lib/shop/visits';
const START = ['-q', '--collect', `--unit=${JOB}`, '-p', 'User=www-data', '-p', 'RuntimeMaxSec=240'];
const BACKUPS = `for i in 1 2 3; do flock ${VISITS} sleep 180 & done; wait`;

/** For years each worker has locked the file before it writes its line, so that no two lines mix. */
const LOCKS = [
  's/^import json$/&\\nimport fcntl/',
  's/^            with open(VISITS, "a") as visits:$/&\\n                fcntl.flock(visits, fcntl.LOCK_EX)/',
].join('; ');

export default defineScenario({
  fault:
    'Each minute cron starts a backup that copies the visits under a lock; the share to which it copies has become slow, so that each takes longer than a minute: one has the lock and the next two wait for it already, and so do the workers, which lock the file to write their line, on every host.',
  because:
    'Every worker is in a request, uses no CPU, waits for no connection and for no session of the database: it waits for a lock on a file of its own host, which a backup has. All that the app depends on answers at once, and the disk has room.',
  service: 'shop',
  users: [0, 503, 504],
  settleSeconds: 10,
  inject: ({ web }) => {
    web.forEach((host) => {
      wakeBug(host, 'shop', 'app.py', LOCKS);
      host.run('systemd-run', '--property=TimeoutStopSec=3', ...START, 'sh', '-c', BACKUPS);
    });
    startLoad('http://shop.lab.test/', 24, 300);
  },
  heal: ({ web }) => {
    endLoad();
    web.forEach((host) => {
      host.sh(`systemctl stop ${JOB} 2>/dev/null || :`);
      bugSleeps(host, 'shop', 'app.py');
      startAnew(host, 'shop');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['workers-busy', 'accept-queue-full'],
    notSaid: [
      'dependency',
      'database-connections',
      'sessions-blocked-by-lock',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
    ],
  },
});
