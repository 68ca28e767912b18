import { freeDisk } from '../faults/full-disk.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'After an error of its disk the file system of the visits is mounted read-only, on every host.',
  because:
    'The app says "Read-only file system" for its own file. It is no overload, no dependency and nothing new: the line itself is what an engineer needs.',
  service: 'shop',
  users: [503],
  inject: ({ web }) =>
    web.forEach((host) =>
      host.sh(`mount -t tmpfs -o size=8m lab-disk /var/lib/shop
        install -o www-data -m 644 /dev/null /var/lib/shop/visits; mount -o remount,ro /var/lib/shop`),
    ),
  heal: ({ web }) => web.forEach((host) => freeDisk(host, '/var/lib/shop')),
  expect: {
    status: 'inconclusive',
    cause: null,
    hop: 'app',
    notSaid: ['dependency', 'database-connections', 'deployment', 'overload', 'not-started', 'deliberate'],
  },
});
