import { closeToBalancer, openToBalancer } from '../faults/firewall.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: "A new rule of each host's firewall refuses the balancer's connections to the app.",
  because:
    "All members are DOWN with L4CON, and yet the app listens on every address and answers on each host: what refuses stands before it. The balancer's host is refused as well.",
  service: 'desk',
  users: [503],
  settleSeconds: 8,
  inject: ({ web }) => web.forEach((host) => closeToBalancer(host, 9100, 'refuse')),
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
