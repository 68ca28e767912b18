import { redis } from '../faults/redis.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const JOB = 'stocktaking';
const START = ['-q', '--collect', `--unit=${JOB}`, '-p', 'Nice=19', '-p', 'RuntimeMaxSec=240'];
const COMPUTE = 'while :; do stress-ng -q --cpu 2 --timeout 7; sleep 3; done';
/** The last number that Redis can count to. */
const LAST = '9223372036854775807';

export default defineScenario({
  fault:
    'A script that brought the counters of the old cache along wrote "no limit" for the counter of visits, which is the last number that Redis can count to; besides, every ten seconds a job starts on each host and takes all the CPU that is left over, for seven seconds.',
  because:
    'Redis runs, has room, lets everybody in, and refuses the one command that each page needs: "increment or decrement would overflow". It does so at once and between the jobs as well, which have the least priority; the workers want little CPU and get it.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: (lab) => {
    lab.web.forEach((host) =>
      host.run('systemd-run', '--property=TimeoutStopSec=3', ...START, 'sh', '-c', COMPUTE),
    );
    redis(lab, 'SET', 'visits', LAST);
  },
  heal: (lab) => {
    lab.web.forEach((host) => host.sh(`systemctl stop ${JOB} 2>/dev/null || :`));
    redis(lab, 'DEL', 'visits');
    lab.web.forEach((host) => startAnew(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['app-refused-by-dependency', 'app-blames-dependency', 'dependency-failing'],
    hop: ['balancer', 'app'],
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
