import { removeUnitFile, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The unit file is gone from every host: somebody removed the package of the app.',
  because: 'systemd does not know the unit: LoadState=not-found.',
  service: 'shop',
  users: [503],
  inject: ({ web }) => web.forEach((host) => removeUnitFile(host, 'shop', 'nothing')),
  heal: ({ web }) => web.forEach((host) => restoreUnit(host, 'shop')),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: 'confirmed',
    root: 'unit-missing-or-masked',
    hop: 'balancer',
  },
});
