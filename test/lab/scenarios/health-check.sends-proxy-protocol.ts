import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    "The balancer's check begins with a line of the PROXY protocol, which the app does not speak; users' requests would not.",
  because:
    'All members are DOWN with L7STS 400: gunicorn refuses the line. A plain request for the same page gets 200 on every host.',
  service: 'desk',
  users: [503],
  settleSeconds: 12,
  inject: (lab) => changeBalancer(lab, 's/^    server web-.*:9100$/& check-send-proxy/'),
  heal: restoreBalancer,
  expect: {
    status: 'cause-found',
    cause: 'health-check',
    confidence: ['confirmed', 'likely'],
    root: ['member-down-though-healthy'],
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'deliberate', 'dependency', 'deployment'],
  },
});
