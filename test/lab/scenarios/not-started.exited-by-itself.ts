import { endByItself, endNoMore } from '../faults/app-end.js';
import { restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The app ends with status 0 on every host, so Restart=on-failure does not start it again.',
  because:
    'The units are inactive without anybody having stopped them: "Deactivated successfully" with no "Stopping" before it.',
  service: 'desk',
  users: [503],
  inject: ({ web }) =>
    web.forEach((host) =>
      endByItself(host, 'desk', { after: 1, words: 'no work left, bye', status: 0, restart: 'on-failure' }),
    ),
  heal: ({ web }) =>
    web.forEach((host) => {
      endNoMore(host, 'desk');
      restoreUnit(host, 'desk');
    }),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: 'confirmed',
    root: ['unit-inactive', 'unit-stopping'],
    hop: 'balancer',
  },
});
