import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The unit waits for a word of readiness that comes later than its TimeoutStartSec.',
  because: 'Failed with result timeout while starting: systemd ended it before it listened.',
  service: 'desk',
  users: [503],
  settleSeconds: 4,
  inject: ({ web }) =>
    web.forEach((host) =>
      changeUnit(host, 'desk', [
        '[Service]',
        'Type=notify',
        'NotifyAccess=all',
        'TimeoutStartSec=3',
        'Restart=no',
        'ExecStart=',
        'ExecStart=/bin/sh -c "echo loading the catalogue; sleep 60; exec /usr/bin/gunicorn --bind 0.0.0.0:9100 main:app"',
      ]),
    ),
  heal: ({ web }) => web.forEach((host) => restoreUnit(host, 'desk')),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: 'confirmed',
    root: 'unit-failed',
    hop: 'balancer',
  },
  wrongBecause:
    'One of the hosts was seen between its end and its next start: its finding is another one, and 2 of 3 hosts make the verdict less sure.',
});
