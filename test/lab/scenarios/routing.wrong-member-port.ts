import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: "The balancer's lines name port 9101 for every member; the app listens on 9100.",
  because:
    'All members are DOWN with L4CON at 9101, where nothing listens on any host, while the app answers on 9100.',
  service: 'desk',
  users: [503],
  settleSeconds: 8,
  inject: (lab) => changeBalancer(lab, 's/:9100$/:9101/'),
  heal: restoreBalancer,
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely'],
    root: ['member-unreachable', 'wrong-upstream'],
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'deployment'],
  },
});
