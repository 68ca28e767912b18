import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A hardening allows the login of the shop four processes, as many as the shop has (LimitNPROC=4), on every host; the workers of nginx run by the same login and count as well.',
  because:
    'Each start ends at once with "Resource temporarily unavailable" (203/EXEC, or gunicorn at its first fork): the kernel gives that login no further process. Threads and processes of the host are far from any other limit, and the code is old.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: ({ web }) => web.forEach((host) => changeUnit(host, 'shop', ['[Service]', 'LimitNPROC=4'])),
  heal: ({ web }) => web.forEach((host) => restoreUnit(host, 'shop')),
  expect: {
    // That it does not start, or that a limit is used up: both are said of it.
    status: 'cause-found',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['tasks-exhausted', 'unit-crash-looping', 'unit-failed'],
    hop: 'balancer',
    notSaid: ['dependency', 'database-connections', 'deployment', 'routing', 'deliberate'],
  },
});
