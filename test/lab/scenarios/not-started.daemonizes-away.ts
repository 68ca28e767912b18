import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Somebody tells gunicorn to go to the background (--daemon), which its unit does not know; every host was restarted.',
  because:
    'What systemd started ended at once with status 0, so it ended the rest as well and starts nothing again: inactive, success, and nobody stopped it.',
  service: 'desk',
  users: [503],
  settleSeconds: 6,
  inject: ({ web }) =>
    web.forEach((host) =>
      changeUnit(host, 'desk', ['[Service]', 'Environment="GUNICORN_CMD_ARGS=--daemon"']),
    ),
  heal: ({ web }) => web.forEach((host) => restoreUnit(host, 'desk')),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: ['unit-inactive', 'unit-stopping', 'unit-crash-looping'],
    hop: 'balancer',
    notSaid: ['deployment', 'dependency', 'overload', 'routing'],
  },
});
