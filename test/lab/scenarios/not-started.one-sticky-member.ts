import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Every user stays with one of three unchecked members, and on that of a third of them the app is stopped.',
  because:
    'HAProxy logs SC for web-2 alone, where the unit is inactive; web-1 and web-3 answer well, so nothing that all three share is the cause.',
  service: 'desk',
  users: [503],
  inject: (lab) => {
    changeBalancer(
      lab,
      '/^backend desk/,${/default-server/d}; s/^backend desk/&\\n    balance source\\n    no option redispatch/',
    );
    lab.host('web-2').run('systemctl', 'stop', 'desk');
  },
  heal: (lab) => {
    lab.host('web-2').run('systemctl', 'start', 'desk');
    restoreBalancer(lab);
  },
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: 'unit-inactive',
    hop: 'balancer',
    notSaid: ['routing', 'dependency', 'deployment'],
  },
});
