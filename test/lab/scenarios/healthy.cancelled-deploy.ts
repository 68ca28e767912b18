import { removeReleases, unpack } from '../faults/new-release.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Somebody broke a deploy off a moment ago: the new release lies unpacked and the lock of the tool was left; nothing was linked or restarted.',
  because: 'Users get 200 from the old release. A lock that nobody holds hurts nobody but the next deploy.',
  service: 'shop',
  users: [200],
  settleSeconds: 3,
  inject: ({ web }) =>
    web.forEach((host) => {
      unpack(host, { service: 'shop', release: 'r46', begins: 'def price(order)' });
      host.sh('echo 4711 >/srv/shop/deploy.lock');
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      removeReleases(host, 'shop');
      host.sh("rm -f /srv/shop/deploy.lock; touch -d '9 days ago' /srv/shop");
    }),
  expect: { status: 'healthy', cause: null },
});
