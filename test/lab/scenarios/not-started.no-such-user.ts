import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'User= of the unit names a login that does not exist.',
  because: 'Exit status 217 with "Failed at step USER": nothing of the app ran.',
  service: 'desk',
  users: [503],
  inject: ({ web }) => web.forEach((host) => changeUnit(host, 'desk', ['[Service]', 'User=deskd'])),
  heal: ({ web }) => web.forEach((host) => restoreUnit(host, 'desk')),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: 'confirmed',
    root: ['unit-crash-looping', 'unit-failed'],
    hop: 'balancer',
  },
});
