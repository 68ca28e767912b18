import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'An option that gunicorn does not know stands in the unit; after three quick starts systemd gives up.',
  because:
    'Start request repeated too quickly: no run lived, systemd starts it no more, and the app names the wrong argument.',
  service: 'shop',
  users: [503],
  inject: ({ web }) =>
    web.forEach((host) =>
      changeUnit(host, 'shop', [
        '[Unit]',
        'StartLimitBurst=3',
        'StartLimitIntervalSec=60',
        '[Service]',
        'RestartSec=100ms',
        'ExecStart=',
        'ExecStart=/usr/bin/gunicorn --workers 3 --bind 127.0.0.1:8000 --timeuot 60 app:application',
      ]),
    ),
  heal: ({ web }) => web.forEach((host) => restoreUnit(host, 'shop')),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: 'confirmed',
    root: 'unit-crash-looping',
    hop: 'balancer',
  },
});
