import { link, removeReleases } from '../faults/new-release.js';
import { restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'A deploy links a release that it failed to unpack, and restarts every host.',
  because:
    'Since the link changed systemd cannot enter the working folder (status 200): the deploy pointed it at nothing.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: ({ web }) =>
    web.forEach((host) => {
      link(host, 'shop', 'r45');
      host.sh('systemctl restart --no-block shop');
    }),
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
