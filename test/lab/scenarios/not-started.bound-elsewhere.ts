import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The unit binds the app to another port than the one that the balancer and the health check ask.',
  because: 'The unit is active and stays so, but nothing listens on 9100.',
  service: 'desk',
  users: [503],
  inject: ({ web }) =>
    web.forEach((host) =>
      changeUnit(host, 'desk', [
        '[Service]',
        'ExecStart=',
        'ExecStart=/usr/bin/gunicorn --workers 1 --threads 8 --bind 0.0.0.0:9101 main:app',
      ]),
    ),
  heal: ({ web }) => web.forEach((host) => restoreUnit(host, 'desk')),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: 'confirmed',
    root: 'port-not-listening',
    hop: 'balancer',
  },
});
