import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The unit starts the app through a shell line that goes on when the app has failed.',
  because:
    'active and running, says systemd, of a shell that sleeps: the app ended at its start and nothing listens on the port.',
  service: 'desk',
  users: [503],
  settleSeconds: 4,
  inject: ({ web }) =>
    web.forEach((host) =>
      changeUnit(host, 'desk', [
        '[Service]',
        'ExecStart=',
        'ExecStart=/bin/sh -c "/usr/bin/gunicorn --bind 0.0.0.0:9100 wsgi:app || echo failed; sleep infinity"',
      ]),
    ),
  heal: ({ web }) => web.forEach((host) => restoreUnit(host, 'desk')),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: ['port-not-listening'],
    hop: 'balancer',
    notSaid: ['deployment', 'dependency', 'overload', 'routing'],
  },
});
