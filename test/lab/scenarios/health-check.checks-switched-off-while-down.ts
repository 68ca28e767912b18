import { checkAgain, stopChecking } from '../faults/members.js';
import { defineScenario } from '../scenario.js';
import { untilAllAreDown } from '../wellness.js';

export default defineScenario({
  fault:
    'nginx was stopped on every host for an upgrade. To end the flood of alarms somebody switched the checks of the members off on the socket of the balancer (disable health), when all of them were down already; the upgrade is done, and nobody switched the checks on again.',
  because:
    'All members are DOWN since the upgrade, and no check of them runs: show stat has no result of one, and the file of the balancer says that they are checked. On every host nginx and the shop answer 200, to the start page and to the health page, from the balancer as well. What the balancer goes by is of before, and no check corrects it.',
  service: 'shop',
  users: [503],
  settleSeconds: 10,
  inject: async (lab) => {
    lab.web.forEach((host) => host.run('systemctl', 'stop', 'nginx'));
    await untilAllAreDown(lab, 'shop'); // whoever is not down yet when nobody asks any more would stay up
    stopChecking(lab, 'shop');
    lab.web.forEach((host) => host.run('systemctl', 'start', 'nginx'));
  },
  heal: (lab) => {
    lab.web.forEach((host) => host.run('systemctl', 'start', 'nginx'));
    checkAgain(lab, 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'health-check',
    confidence: ['confirmed', 'likely', 'possible'],
    root: 'member-down-though-healthy',
    hop: 'balancer',
    notSaid: [
      'not-started',
      'overload',
      'dependency',
      'database-connections',
      'deployment',
      'routing',
      'deliberate',
    ],
  },
});
