import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The log file that the unit is told to write belongs to root.',
  because: 'gunicorn ends at once with PermissionError: the login of the unit may not open its log.',
  service: 'shop',
  users: [503],
  inject: ({ web }) =>
    web.forEach((host) =>
      changeUnit(host, 'shop', [
        '[Service]',
        'Environment="GUNICORN_CMD_ARGS=--access-logfile /var/log/shop-access.log"',
      ]),
    ),
  heal: ({ web }) => web.forEach((host) => restoreUnit(host, 'shop')),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: 'confirmed',
    root: ['unit-crash-looping', 'unit-failed'],
    hop: 'balancer',
  },
});
