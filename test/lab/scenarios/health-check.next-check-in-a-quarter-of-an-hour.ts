import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../lab.js';
import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';
import { WEB } from '../topology.js';
import { askBalancer } from '../wellness.js';

/** Who is not marked yet when the app comes back would never be. */
async function untilAllMarkedDown(lab: Lab): Promise<void> {
  const deadline = Date.now() + 30_000;
  const areDown = (): boolean => {
    const rows = askBalancer(lab, 'show stat')
      .split('\n')
      .map((line) => line.split(','));
    return WEB.every((web) => rows.some((row) => row[0] === 'desk' && row[1] === web && row[17] === 'DOWN'));
  };
  while (!areDown()) {
    if (Date.now() > deadline) throw new Error('The balancer has not marked every member of the desk down.');
    await sleep(300);
  }
}

export default defineScenario({
  fault:
    'Somebody tidied the file of the balancer and wrote 1000s where 1000 milliseconds were meant (downinter): once a member is down it is asked again after a quarter of an hour. The desk was restarted on every host for new libraries, a little longer than usual, and is back.',
  because:
    'Every member is DOWN by a refused connection, and that check is older than the start of the unit: since then nobody has asked again. On every host the unit is active, port 9100 listens, and both the page and the health page are 200 at once. The balancer goes by an old answer, and it is the pace of its check that keeps users out.',
  service: 'desk',
  users: [503],
  settleSeconds: 10,
  inject: async (lab) => {
    changeBalancer(lab, '/^backend desk/,$s/downinter 1s/downinter 1000s/');
    lab.web.forEach((host) => host.run('systemctl', 'stop', 'desk'));
    await untilAllMarkedDown(lab);
    lab.web.forEach((host) => host.run('systemctl', 'start', 'desk'));
  },
  heal: (lab) => {
    lab.web.forEach((host) => host.run('systemctl', 'start', 'desk'));
    restoreBalancer(lab);
  },
  expect: {
    status: 'cause-found',
    cause: 'health-check',
    confidence: ['confirmed', 'likely', 'possible'],
    root: 'member-down-though-healthy',
    hop: 'balancer',
    notSaid: [
      ...(['not-started', 'overload', 'deliberate', 'dependency'] as const),
      ...(['database-connections', 'deployment', 'routing'] as const),
    ],
  },
});
