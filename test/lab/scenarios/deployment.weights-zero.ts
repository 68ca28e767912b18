import { WEB } from '../topology.js';
import { askBalancer } from '../wellness.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'A deploy took the weight of every member to nought on the balancer and never gave it back.',
  because:
    'The members pass their checks and get nothing: set aside, all of them, while the app is well on every host.',
  service: 'desk',
  users: [503],
  inject: (lab) => WEB.forEach((member) => askBalancer(lab, `set weight desk/${member} 0%`)),
  heal: (lab) => WEB.forEach((member) => askBalancer(lab, `set weight desk/${member} 100%`)),
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['member-draining'],
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'dependency', 'routing'],
  },
});
