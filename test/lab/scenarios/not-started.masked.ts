import { removeUnitFile, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Somebody masks the unit on every host and stops it.',
  because: 'LoadState=masked: it cannot be started until it is unmasked.',
  service: 'desk',
  users: [503],
  inject: ({ web }) => web.forEach((host) => removeUnitFile(host, 'desk', 'mask')),
  heal: ({ web }) => web.forEach((host) => restoreUnit(host, 'desk')),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: 'confirmed',
    root: 'unit-missing-or-masked',
    hop: 'balancer',
  },
});
