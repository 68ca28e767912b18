import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The number of workers in the settings of gunicorn is no number.',
  because: 'gunicorn ends with status 2 before it binds and names the argument.',
  service: 'desk',
  users: [503],
  inject: ({ web }) =>
    web.forEach((host) =>
      changeUnit(host, 'desk', ['[Service]', 'Environment="GUNICORN_CMD_ARGS=--workers many"']),
    ),
  heal: ({ web }) => web.forEach((host) => restoreUnit(host, 'desk')),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: 'confirmed',
    root: ['unit-crash-looping', 'unit-failed'],
    hop: 'balancer',
  },
});
