import { deploy, removeReleases } from '../faults/new-release.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The hook of release r42 puts the visits of the old one aside and begins a new file, and it runs as root: since the deploy the file belongs to root, and the app may not write to it, on every host.',
  because:
    'From the moment of the deploy on, every page says 503 with "Permission denied: /var/lib/shop/visits"; before it there was no such line. The disk has room, whatever the app depends on answers, and the health page, which writes nothing, is fine: the deploy changed who owns the file.',
  service: 'shop',
  users: [503],
  settleSeconds: 15,
  inject: ({ web }) =>
    web.forEach((host) => {
      deploy(host, { service: 'shop', release: 'r42', begins: '# Prices of the autumn.' });
      host.sh(`cd /var/lib/shop; [ ! -e visits ] || mv visits visits.r41
        echo '# r42' >visits; chown root:root visits; chmod 644 visits`);
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      host.sh(`cd /var/lib/shop
        [ ! -e visits ] || [ "$(stat -c %U visits)" != root ] || rm -f visits
        [ ! -e visits.r41 ] || mv -f visits.r41 visits`);
      removeReleases(host, 'shop');
      startAnew(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['release-erring', 'release-failing', 'rollout-in-progress'],
    hop: 'app',
    notSaid: [
      'overload',
      'dependency',
      'database-connections',
      'not-started',
      'health-check',
      'routing',
      'deliberate',
    ],
  },
});
