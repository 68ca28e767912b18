import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The balancer calls its members from an address that was moved to another machine.',
  because:
    'All members are DOWN with SOCKERR: HAProxy may not even open a connection. From elsewhere every host is reached and the app answers.',
  service: 'desk',
  users: [503],
  settleSeconds: 8,
  inject: (lab) => changeBalancer(lab, 's,^backend desk,&\\n    source 10.203.0.77,'),
  heal: restoreBalancer,
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'deployment', 'deliberate', 'dependency'],
  },
});
