import { endByItself, endNoMore } from '../faults/app-end.js';
import { restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The app crashes on every host by a bug of its own, and its unit has Restart=no.',
  because:
    'The units failed with exit status 1 after they had served, and systemd was told not to start them again.',
  service: 'shop',
  users: [503],
  inject: ({ web }) =>
    web.forEach((host) =>
      endByItself(host, 'shop', {
        after: 1,
        words: 'fatal: index 17 out of range in price table',
        status: 1,
        restart: 'no',
      }),
    ),
  heal: ({ web }) =>
    web.forEach((host) => {
      endNoMore(host, 'shop');
      restoreUnit(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: 'confirmed',
    root: 'unit-failed',
    hop: 'balancer',
    notSaid: ['deployment', 'overload'],
  },
});
