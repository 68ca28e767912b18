import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    "The balancer's check asks a port of its own on which nothing listens any more; users' requests would go to the right one.",
  because:
    'All members are DOWN with L4CON, but for the port of the check: the port of the app is open and answers.',
  service: 'desk',
  users: [503],
  settleSeconds: 12,
  inject: (lab) => changeBalancer(lab, 's/^    server web-.*:9100$/& check port 9999/'),
  heal: restoreBalancer,
  expect: {
    status: 'cause-found',
    cause: 'health-check',
    confidence: ['confirmed', 'likely'],
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'deliberate', 'dependency', 'deployment'],
  },
});
