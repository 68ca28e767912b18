import { setTimeout as sleep } from 'node:timers/promises';
import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { setReady } from '../faults/members.js';
import { defineScenario } from '../scenario.js';
import { untilUsersGet } from '../wellness.js';

export default defineScenario({
  fault:
    'Every member of the desk begins disabled in the file of the balancer, for the deploy tool enables each on the socket once it is ready. The balancer was reloaded for a new certificate, and the tool knows nothing of that.',
  because:
    'All members are in MAINT since the reload of the balancer and the pool has nobody, while the unit is active and every page is 200 on every host. It was no failed check that took them out: they are set aside by the file itself, and wait for somebody to take them in.',
  service: 'desk',
  users: [503],
  settleSeconds: 4,
  inject: async (lab) => {
    changeBalancer(lab, '/^backend desk/,$s/^    default-server .*/& disabled/');
    await sleep(1000);
    setReady(lab, 'desk');
    await sleep(2000);
    await untilUsersGet('http://desk.lab.test/', [200]);
    lab.host('lb-1').run('systemctl', 'reload', 'haproxy');
    await sleep(1000);
  },
  heal: restoreBalancer,
  expect: {
    // Set aside by a tool that does not come back, or on purpose: the file does not tell who meant what.
    status: 'cause-found',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['member-draining', 'maintenance-mode'],
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'dependency', 'database-connections', 'routing', 'health-check'],
  },
});
