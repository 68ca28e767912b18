import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The unit appends its output to a file whose folder a clean-up has taken away, on every host.',
  because:
    'Exit status 209 with "Failed at step STDOUT": systemd could not open the log, so the app itself never ran and says nothing.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: ({ web }) =>
    web.forEach((host) =>
      changeUnit(host, 'shop', ['[Service]', 'StandardOutput=append:/var/log/shop/out.log']),
    ),
  heal: ({ web }) => web.forEach((host) => restoreUnit(host, 'shop')),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: ['unit-crash-looping', 'unit-failed'],
    hop: 'balancer',
    notSaid: ['deployment', 'dependency', 'overload', 'routing'],
  },
});
