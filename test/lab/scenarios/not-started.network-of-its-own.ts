import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A drop-in that hardens the unit gives the app a network of its own (PrivateNetwork=yes), on every host: it listens where nobody can come.',
  because:
    'The unit is active and the app says that it listens at 9100, but on the host nothing does: the port is refused, from the host itself as well. What the app has is another network than the host.',
  service: 'desk',
  users: [503],
  settleSeconds: 4,
  inject: ({ web }) => web.forEach((host) => changeUnit(host, 'desk', ['[Service]', 'PrivateNetwork=yes'])),
  heal: ({ web }) => web.forEach((host) => restoreUnit(host, 'desk')),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['port-not-listening', 'port-refused'],
    hop: 'balancer',
    notSaid: ['dependency', 'database-connections', 'deployment', 'overload', 'deliberate'],
  },
});
