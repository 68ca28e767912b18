import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { restart } from '../faults/restart.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The app answers 503 to every page but the health page, and gives no reason.',
  because:
    'nginx passes the answer on: its body and its reason phrase are of the app, which runs, waits for nobody and logs nothing. Who said it is known, why is not.',
  service: 'shop',
  users: [503],
  inject: ({ web }) =>
    web.forEach((host) =>
      wakeBug(host, 'shop', 'app.py', 's/page()$/("503 Service Unavailable", {"status": "not available"})/'),
    ),
  heal: ({ web }) =>
    web.forEach((host) => {
      bugSleeps(host, 'shop', 'app.py');
      restart([host], 'shop');
    }),
  expect: {
    status: 'inconclusive',
    cause: null,
    hop: 'app',
    notSaid: ['dependency', 'deployment', 'health-check', 'overload', 'deliberate', 'routing'],
  },
});
