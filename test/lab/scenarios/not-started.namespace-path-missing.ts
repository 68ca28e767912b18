import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'A drop-in that hardens the unit lets it write to a folder that nobody has made, on every host.',
  because:
    'Exit status 226 with "Failed at step NAMESPACE": systemd could not lay out what the app may see, and nothing of the app ran.',
  service: 'desk',
  users: [503],
  settleSeconds: 5,
  inject: ({ web }) =>
    web.forEach((host) => changeUnit(host, 'desk', ['[Service]', 'ReadWritePaths=/var/lib/desk'])),
  heal: ({ web }) => web.forEach((host) => restoreUnit(host, 'desk')),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: ['unit-crash-looping', 'unit-failed'],
    hop: 'balancer',
    notSaid: ['deployment', 'dependency', 'overload', 'routing'],
  },
});
