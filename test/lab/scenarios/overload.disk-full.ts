import { fillDisk, freeDisk } from '../faults/full-disk.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The file system to which the app writes its visits is full, on every host.',
  because: 'The app says "No space left on device", and so does df; all that it depends on is well.',
  service: 'shop',
  users: [503],
  inject: ({ web }) => web.forEach((host) => fillDisk(host, '/var/lib/shop')),
  heal: ({ web }) => web.forEach((host) => freeDisk(host, '/var/lib/shop')),
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: 'confirmed',
    root: 'disk-full',
    hop: 'app',
    notSaid: ['dependency', 'database-connections'],
  },
});
