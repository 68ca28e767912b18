import { removeReleases } from '../faults/new-release.js';
import { restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A deploy took the wrong name from its inventory: it linked the release of the desk as the current one of the shop, and restarted every host.',
  because:
    'Since the link changed the shop ends at each start with "No module named \'app\'": the folder in which it is started is that of another program. The release that it leads to is old and runs well as the desk; what is new is the link.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: ({ web }) =>
    web.forEach((host) =>
      host.sh('ln -sfn /srv/desk/releases/d7 /srv/shop/current; systemctl restart --no-block shop'),
    ),
  heal: ({ web }) =>
    web.forEach((host) => {
      removeReleases(host, 'shop');
      restoreUnit(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely', 'possible'],
    root: 'release-failing',
    hop: 'balancer',
    notSaid: ['dependency', 'database-connections', 'overload', 'routing', 'deliberate'],
  },
});
