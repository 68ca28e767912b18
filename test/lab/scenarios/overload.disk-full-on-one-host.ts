import { freeDisk } from '../faults/full-disk.js';
import { defineScenario } from '../scenario.js';

const FOLDER = '/var/lib/shop';

export default defineScenario({
  fault: 'A rotation on web-3 copies the visits and never throws the copies away: the disk is full there.',
  because:
    'A third of the pages fail, all on web-3, with "visits: No space left on device", and df says so of that host alone. The health page writes nothing, so the balancer goes on sending.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 8,
  inject: ({ host }) =>
    void host('web-3').sh(`
      owner=$(stat -c %u:%g ${FOLDER}) mode=$(stat -c %a ${FOLDER})
      mount -t tmpfs -o size=4m lab-disk ${FOLDER}
      chown "$owner" ${FOLDER}; chmod "$mode" ${FOLDER}
      for i in 1 2 3 4 5; do
        dd if=/dev/zero of=${FOLDER}/visits-2026112$i.bak bs=4k count=250 2>/dev/null || :
      done
      dd if=/dev/zero of=${FOLDER}/visits-20261126.bak bs=4k 2>/dev/null || :`),
  heal: ({ host }) => freeDisk(host('web-3'), FOLDER),
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    root: 'disk-full',
    notSaid: [
      'dependency',
      'database-connections',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
      'health-check',
    ],
  },
  wrongBecause:
    'When it was looked at 31 requests had been served since the last 503, and each of the three hosts answered ours; the full disk is told beside it.',
});
