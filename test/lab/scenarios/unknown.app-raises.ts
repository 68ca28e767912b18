import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The app raises an exception for each request, on every host, in code that has been there for long.',
  because:
    'The app itself answers 500 and its journal has the traceback. Nothing that diag503 knows is broken: it must say who answers what, and that the reason is in the app.',
  service: 'shop',
  users: [500, 503],
  inject: ({ web }) =>
    web.forEach((host) =>
      wakeBug(host, 'shop', 'app.py', 's/^    path = environ.*/    path = environ["PATH_INFOS"]/'),
    ),
  heal: ({ web }) =>
    web.forEach((host) => {
      bugSleeps(host, 'shop', 'app.py');
      startAnew(host, 'shop');
    }),
  expect: {
    status: 'inconclusive',
    cause: null,
    // The health check raises, too: the members are taken out, and then it is the balancer that answers.
    hop: 'balancer',
    notSaid: ['dependency', 'deployment', 'overload'],
  },
});
