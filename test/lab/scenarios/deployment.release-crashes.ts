import { deploy, removeReleases } from '../faults/new-release.js';
import { restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Release r42 needs a module that nobody installed; it is deployed to every host at once.',
  because:
    'The shop ran until the link changed, and has ended with ModuleNotFoundError at each start since: a rollback mends it.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: ({ web }) =>
    web.forEach((host) => deploy(host, { service: 'shop', release: 'r42', begins: 'import stripe' })),
  heal: ({ web }) =>
    web.forEach((host) => {
      removeReleases(host, 'shop');
      restoreUnit(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely'],
    root: 'release-failing',
    hop: 'balancer',
  },
});
