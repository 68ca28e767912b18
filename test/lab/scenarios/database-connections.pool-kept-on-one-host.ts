import { checkAgain, stopChecking } from '../faults/members.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const UNIT = 'colleague-try';

/** As many requests as the app's pool has connections, each of which keeps one and does nothing with it. */
const TRY = 'for i in 1 2 3 4; do curl -s -m 200 http://127.0.0.1:9100/hold?180 & done; wait';

export default defineScenario({
  fault:
    "A colleague's try-out on web-2 was never ended: four requests of it keep all connections of the desk's own pool there. The balancer checks nothing.",
  because:
    'A third of the pages fail, all on web-2, with "QueuePool limit of size 4 … reached, connection timed out"; the other hosts have the same pool and are well, the pooler lends whoever asks, and the server has room.',
  service: 'desk',
  users: [200, 503],
  settleSeconds: 9,
  inject: (lab) => {
    stopChecking(lab, 'desk');
    lab.host('web-2').run('systemd-run', '-q', '--collect', `--unit=${UNIT}`, 'sh', '-c', TRY);
  },
  heal: (lab) => {
    lab
      .host('web-2')
      .sh(`systemctl kill -s KILL ${UNIT} 2>/dev/null || :; systemctl stop ${UNIT} 2>/dev/null || :`);
    startAnew(lab.host('web-2'), 'desk');
    checkAgain(lab, 'desk');
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['app-pool-exhausted', 'app-refused-connection'],
    notSaid: [
      'connections-exhausted',
      'pooler-queue-waiting',
      'dependency-unreachable',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
    ],
  },
});
