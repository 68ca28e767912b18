import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { untilAllAreDown } from '../wellness.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The balancer wants 900 good checks before it takes a member back; the app was restarted a moment ago and is well.',
  because:
    'All members are DOWN and their last check was L7OK 200: they count up, n of 900. The app runs and answers on every host.',
  service: 'desk',
  users: [503],
  settleSeconds: 8,
  inject: async (lab) => {
    changeBalancer(lab, '/^backend desk/,$s/rise 2/rise 900/');
    lab.web.forEach((host) => host.run('systemctl', 'stop', 'desk'));
    await untilAllAreDown(lab, 'desk');
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
    root: ['member-down-though-healthy'],
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'deliberate', 'dependency', 'deployment', 'routing'],
  },
});
