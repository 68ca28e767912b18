import { checkAgain, stopChecking } from '../faults/members.js';
import { deploy, removeReleases } from '../faults/new-release.js';
import { restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Release r43 reads a setting that no host has; the balancer checks nothing, so users hear nginx.',
  because:
    "KeyError: 'TAX_API_KEY' at each start since the link changed: the new release brought the need for it.",
  service: 'shop',
  users: [502],
  settleSeconds: 4,
  inject: (lab) => {
    stopChecking(lab, 'shop');
    lab.web.forEach((host) =>
      deploy(host, { service: 'shop', release: 'r43', begins: 'import os; TAX = os.environ["TAX_API_KEY"]' }),
    );
  },
  heal: (lab) => {
    lab.web.forEach((host) => {
      removeReleases(host, 'shop');
      restoreUnit(host, 'shop');
    });
    checkAgain(lab, 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: 'confirmed',
    root: 'release-failing',
    hop: 'proxy',
  },
});
