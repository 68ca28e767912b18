import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'ExecStartPre= of the unit warms a cache for minutes, after a restart of every host.',
  because:
    'The units are activating (start-pre): they have not failed, and nobody listens until that is done.',
  service: 'shop',
  users: [503],
  settleSeconds: 3,
  inject: ({ web }) =>
    web.forEach((host) =>
      changeUnit(host, 'shop', [
        '[Service]',
        'TimeoutStartSec=600',
        'ExecStartPre=/bin/sh -c "echo warming the cache; sleep 300"',
      ]),
    ),
  heal: ({ web }) => web.forEach((host) => restoreUnit(host, 'shop')),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: 'confirmed',
    root: 'unit-starting',
    hop: 'balancer',
  },
});
