import { freeDisk } from '../faults/full-disk.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The file system of the visits is full to 93 % on every host, and everything is written.',
  because: 'Users get 200: a disk that is nearly full is no outage yet.',
  service: 'shop',
  users: [200],
  settleSeconds: 2,
  inject: ({ web }) =>
    web.forEach((host) =>
      host.sh(`mount -t tmpfs -o size=20m lab-disk /var/lib/shop; chown www-data /var/lib/shop
        dd if=/dev/zero of=/var/lib/shop/old.log bs=1M count=18 2>/dev/null; head -c 700000 /dev/zero >>/var/lib/shop/old.log`),
    ),
  heal: ({ web }) => web.forEach((host) => freeDisk(host, '/var/lib/shop')),
  expect: { status: 'healthy', cause: null },
});
