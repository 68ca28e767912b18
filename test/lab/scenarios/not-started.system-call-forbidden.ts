import { giveGroups, takeGroups } from '../faults/blindness.js';
import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A hardened unit forbids the app to make a socket (SystemCallFilter=), on every host, and diag503 may not read the journals.',
  because:
    'That the unit failed, by which signal and that nobody listens, systemd tells everybody. The words of the journal are out of reach and not needed for that.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: ({ web }) =>
    web.forEach((host) => {
      takeGroups(host, ['adm', 'systemd-journal']);
      changeUnit(host, 'shop', ['[Service]', 'SystemCallFilter=~socket', 'Restart=no']);
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      giveGroups(host);
      restoreUnit(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: ['unit-failed', 'unit-crash-looping'],
    hop: 'balancer',
    notSaid: ['overload', 'dependency', 'database-connections', 'routing', 'deliberate'],
  },
});
