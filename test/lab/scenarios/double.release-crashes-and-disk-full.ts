import { fillDisk, freeDisk } from '../faults/full-disk.js';
import { deploy, removeReleases } from '../faults/new-release.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const NEW = ['web-1', 'web-2'] as const;

export default defineScenario({
  fault:
    'Release r42 crashes at its start on web-1 and web-2; on web-3, which has the old one, the disk of the visits is full.',
  because:
    'The balancer has web-3 alone, whose pages are all 503 for "No space left on device"; the health page writes nothing. The other two are down since the release, with ModuleNotFoundError. To free the disk or to roll back brings users back, each by itself: whichever is called the cause, both are true.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: ({ host }) => {
    fillDisk(host('web-3'), '/var/lib/shop');
    NEW.forEach((name) =>
      deploy(host(name), { service: 'shop', release: 'r42', begins: 'import stripe_tax' }),
    );
  },
  heal: ({ host }) => {
    freeDisk(host('web-3'), '/var/lib/shop');
    NEW.forEach((name) => {
      removeReleases(host(name), 'shop');
      startAnew(host(name), 'shop');
    });
  },
  expect: {
    status: 'cause-found',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['disk-full', 'release-failing', 'release-skew'],
    hop: 'app',
    found: ['disk-full'],
    notSaid: ['dependency', 'database-connections', 'routing', 'deliberate'],
  },
});
