import { nameServerBack, renameServer } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'nginx on every host knows the shop by a wrong name since its last reload; what asks for the right one gets 404 of a server for the rest.',
  because:
    'All members are DOWN with L7STS 404, which is true of every page there, not of the check alone: nginx has no server of that name. The app behind it answers.',
  service: 'shop',
  users: [503],
  settleSeconds: 12,
  inject: ({ web }) => web.forEach((host) => renameServer(host, 'shop.lab.tset')),
  heal: ({ web }) => web.forEach(nameServerBack),
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'dependency', 'deployment', 'health-check', 'deliberate'],
  },
});
