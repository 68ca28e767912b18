import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'WorkingDirectory= of the unit names a folder that is not there, and systemd does not try again.',
  because: 'Exit status 200 with "Failed at step CHDIR": systemd could not even enter the folder.',
  service: 'shop',
  users: [503],
  inject: ({ web }) =>
    web.forEach((host) =>
      changeUnit(host, 'shop', ['[Service]', 'Restart=no', 'WorkingDirectory=/srv/shop/live']),
    ),
  heal: ({ web }) => web.forEach((host) => restoreUnit(host, 'shop')),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: 'confirmed',
    root: 'unit-failed',
    hop: 'balancer',
  },
});
