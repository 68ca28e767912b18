import { endLoad, startLoad } from '../faults/load.js';
import { fillDisk, freeDisk } from '../faults/full-disk.js';
import { checkAgain, stopChecking } from '../faults/members.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const DISK = '/var/backups';
const KEPT = '/root/desk-env.kept';

export default defineScenario({
  fault:
    'Somebody set POOL_SIZE to 1 in the settings of the desk, and the app was restarted; on each host one report keeps that one connection. Besides, the disk of the backups is full on every host, and a backup failed loudly there. The balancer checks nothing.',
  because:
    'The app says "QueuePool limit of size 1 overflow 0 reached" for every other page, while the pooler and the server have room. It writes nothing to the full disk, which was only the trouble of the backup.',
  service: 'desk',
  users: [0, 503],
  settleSeconds: 5,
  inject: (lab) => {
    stopChecking(lab, 'desk');
    lab.web.forEach((host) => {
      host.sh(`cp -p /etc/desk/env ${KEPT}; sed -i 's/^POOL_SIZE=.*/POOL_SIZE=1/' /etc/desk/env
        touch -r ${KEPT} /etc/desk/env`);
      startAnew(host, 'desk');
      // After what clears the journal.
      fillDisk(host, DISK);
      host.run(
        ...['systemd-run', '-q', '--unit=lab-backup', 'sh', '-c'],
        `echo "FATAL: ${DISK}/desk.tar: No space left on device"; exit 1`,
      );
    });
    startLoad('http://desk.lab.test/slow?25', 18, 500);
  },
  heal: (lab) => {
    endLoad();
    lab.web.forEach((host) => {
      freeDisk(host, DISK);
      host.sh(`[ ! -e ${KEPT} ] || mv -f ${KEPT} /etc/desk/env
        systemctl reset-failed lab-backup 2>/dev/null || :`);
      startAnew(host, 'desk');
    });
    checkAgain(lab, 'desk');
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely', 'possible'],
    root: 'app-pool-exhausted',
    notSaid: ['not-started', 'deployment', 'routing', 'deliberate', 'disk-full'],
  },
});
