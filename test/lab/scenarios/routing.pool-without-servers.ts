import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Whatever writes the list of members has written none.',
  because: 'The pool has no row but its own, which HAProxy calls UP; every host answers well.',
  service: 'shop',
  users: [503],
  inject: (lab) => changeBalancer(lab, '/^backend shop/,/^backend desk/{/^ *server /d}'),
  heal: restoreBalancer,
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: 'confirmed',
    root: 'pool-without-members',
    hop: 'balancer',
    notSaid: ['not-started', 'deployment', 'deliberate'],
  },
});
