import { endByItself, endNoMore } from '../faults/app-end.js';
import { restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The app dies half a second after each start, on every host; systemd starts it again and again.',
  because: 'The restart counters climb, and no run lasts long enough for the balancer to take a member back.',
  service: 'desk',
  users: [503],
  settleSeconds: 7,
  inject: ({ web }) =>
    web.forEach((host) =>
      endByItself(host, 'desk', {
        after: 0.5,
        words: 'fatal: cannot parse the colour of tickets',
        status: 1,
        restart: 'on-failure',
      }),
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
    // A worker may outlive its master for some seconds, and nothing is started before it has ended.
    root: ['unit-crash-looping', 'unit-failed'],
    hop: 'balancer',
    notSaid: ['deployment', 'overload'],
  },
});
