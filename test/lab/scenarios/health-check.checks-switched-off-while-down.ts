import { setTimeout as sleep } from 'node:timers/promises';
import { checkAgain, stopChecking } from '../faults/members.js';
import type { Lab } from '../lab.js';
import { defineScenario } from '../scenario.js';
import { WEB } from '../topology.js';
import { askBalancer } from '../wellness.js';

/** Whoever is not down yet when nobody asks any more would stay up. */
async function untilAllAreDown(lab: Lab): Promise<void> {
  const deadline = Date.now() + 30_000;
  const areDown = (): boolean => {
    const rows = askBalancer(lab, 'show stat')
      .split('\n')
      .map((line) => line.split(','));
    return WEB.every((web) => rows.some((row) => row[0] === 'shop' && row[1] === web && row[17] === 'DOWN'));
  };
  while (!areDown()) {
    if (Date.now() > deadline) throw new Error('The balancer has not marked every member of the shop down.');
    await sleep(300);
  }
}

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
    await untilAllAreDown(lab);
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
