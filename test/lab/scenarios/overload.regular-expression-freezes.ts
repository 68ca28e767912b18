import { endLoad, startLoad } from '../faults/load.js';
import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

/** Forty letters and what the expression does not want: it tries every way to cut them in pieces. */
const POISON = `http://desk.lab.test/?${'x'.repeat(40)}!`;

export default defineScenario({
  fault:
    'An old regular expression of the app needs for ever for one kind of request; whoever is at it has the only process of its host to himself, for no other thread may run meanwhile.',
  because:
    'On each host the one process of the app computes without end, on one core, and asks nobody anything; its port is open and nobody accepts. There are few requests, and nothing that the app needs is slow.',
  service: 'desk',
  users: [503],
  settleSeconds: 4,
  inject: ({ web }) => {
    web.forEach((host) =>
      wakeBug(
        host,
        'desk',
        'main.py',
        's/^import os$/&\\nimport re/; s/^    handler = PAGES/    re.match("([a-z]+ ?)+$", environ.get("QUERY_STRING") or "")\\n&/',
      ),
    );
    startLoad(POISON, 12, 1000);
  },
  heal: ({ web }) => {
    endLoad();
    web.forEach((host) => {
      bugSleeps(host, 'desk', 'main.py');
      startAnew(host, 'desk');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: ['dependency', 'database-connections', 'deployment', 'not-started', 'routing', 'deliberate'],
  },
});
