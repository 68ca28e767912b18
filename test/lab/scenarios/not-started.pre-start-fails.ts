import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'ExecStartPre= of the unit asks for a licence file that is gone, on every host.',
  because: 'The control process exits with 1 before the app is ever started; systemd tries again and again.',
  service: 'desk',
  users: [503],
  settleSeconds: 5,
  inject: ({ web }) =>
    web.forEach((host) =>
      changeUnit(host, 'desk', ['[Service]', 'ExecStartPre=/usr/bin/test -s /etc/desk/licence.key']),
    ),
  heal: ({ web }) => web.forEach((host) => restoreUnit(host, 'desk')),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: ['unit-crash-looping', 'unit-failed', 'unit-starting', 'unit-inactive'],
    hop: 'balancer',
    notSaid: ['deployment', 'dependency', 'overload'],
  },
});
