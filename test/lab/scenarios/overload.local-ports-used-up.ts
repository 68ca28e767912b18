import { freeLocalPorts, useUpLocalPorts } from '../faults/local-ports.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A program beside the app leaks connections to the payment service until its host has no port left to call it from, on every host.',
  because:
    'The app says "Cannot assign requested address", which its own host tells it: all ports of the range are in use towards that one address. The payment service was not even asked, and answers others.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: ({ web }) => web.forEach(useUpLocalPorts),
  heal: ({ web }) => web.forEach(freeLocalPorts),
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'app',
    notSaid: ['dependency', 'database-connections', 'deployment', 'not-started', 'health-check'],
  },
});
