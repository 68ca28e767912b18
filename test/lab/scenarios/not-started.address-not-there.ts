import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The unit binds the app to an address that was moved to another machine.',
  because: 'The kernel refuses the address, the app ends at each start, and nothing listens on its port.',
  service: 'desk',
  users: [503],
  settleSeconds: 5,
  inject: ({ web }) =>
    web.forEach((host) =>
      changeUnit(host, 'desk', [
        '[Service]',
        'ExecStart=',
        'ExecStart=/usr/bin/gunicorn --workers 1 --threads 8 --bind 10.203.0.99:9100 main:app',
      ]),
    ),
  heal: ({ web }) => web.forEach((host) => restoreUnit(host, 'desk')),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    hop: 'balancer',
    notSaid: ['deployment', 'dependency', 'routing', 'overload'],
  },
});
