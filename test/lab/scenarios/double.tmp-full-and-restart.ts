import { fillDisk } from '../faults/full-disk.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const FOLDERS = ['/tmp', '/var/tmp'];

export default defineScenario({
  fault:
    'Forgotten files fill /tmp and /var/tmp on every host; the app, restarted meanwhile, does not start without a temporary file.',
  because:
    'The failed starts name the folders: "No usable temporary directory found". Both are full, says df: that the app does not start is a consequence.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: ({ web }) =>
    web.forEach((host) => {
      for (const folder of FOLDERS) fillDisk(host, folder);
      host.sh('systemctl restart --no-block shop');
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      // Not by `freeDisk`: /tmp of a host is a tmpfs of its own.
      for (const folder of FOLDERS)
        host.sh(`while grep -q '^lab-disk ${folder} ' /proc/self/mounts; do umount -l ${folder}; done`);
      startAnew(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['disk-full'],
    hop: 'balancer',
    notSaid: ['dependency', 'database-connections', 'deployment', 'routing'],
  },
});
