import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The balancer checks no member, and somebody stops the app on every host.',
  because:
    'HAProxy logs SC with the name of a member: it was refused there, each time it tried. On the hosts the units are inactive.',
  service: 'desk',
  users: [503],
  inject: (lab) => {
    changeBalancer(lab, '/^backend desk/,${/default-server/d}');
    lab.web.forEach((host) => host.run('systemctl', 'stop', 'desk'));
  },
  heal: (lab) => {
    lab.web.forEach((host) => host.run('systemctl', 'start', 'desk'));
    restoreBalancer(lab);
  },
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: 'confirmed',
    root: 'unit-inactive',
    hop: 'balancer',
    notSaid: ['routing', 'deliberate', 'deployment'],
  },
});
