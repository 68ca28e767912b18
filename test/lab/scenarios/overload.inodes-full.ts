import { freeDisk } from '../faults/full-disk.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The file system of the visits has room but not one inode left, on every host.',
  because: 'The app says "No space left on device" though blocks are free; df -i says 100 %.',
  service: 'shop',
  users: [503],
  inject: ({ web }) =>
    web.forEach((host) =>
      // The app may write there only when nothing is left to write with: else it takes one of the four itself.
      host.sh(`mount -t tmpfs -o size=8m,nr_inodes=4,mode=755 lab-disk /var/lib/shop
        touch /var/lib/shop/a /var/lib/shop/b /var/lib/shop/c; chown www-data /var/lib/shop`),
    ),
  heal: ({ web }) => web.forEach((host) => freeDisk(host, '/var/lib/shop')),
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely'],
    root: ['disk-full'],
    hop: 'app',
    notSaid: ['dependency', 'database-connections', 'deployment'],
  },
});
