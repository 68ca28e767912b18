import { closeToBalancer, openToBalancer } from '../faults/firewall.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: "A new rule of each host's firewall drops what the balancer sends to the app.",
  because:
    'All members are DOWN with L4TOUT, though no queue is full and the app answers on each host: packets of the balancer do not arrive.',
  service: 'desk',
  users: [503],
  settleSeconds: 8,
  inject: ({ web }) => web.forEach((host) => closeToBalancer(host, 9100, 'drop')),
  heal: ({ web }) => web.forEach(openToBalancer),
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely'],
    root: 'member-unreachable',
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'deployment'],
  },
});
