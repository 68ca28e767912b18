import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Every thread of the app waits for a lock that nobody gives back, on every host.',
  because:
    "No CPU, no wait for a connection, no answer to anything within the check's time: the process hangs in itself.",
  service: 'desk',
  users: [503],
  settleSeconds: 6,
  inject: ({ web }) =>
    web.forEach((host) =>
      wakeBug(
        host,
        'desk',
        'main.py',
        's/^def tickets():/import threading\\nLOCK = threading.Lock()\\nLOCK.acquire()\\n&\\n    LOCK.acquire()/',
      ),
    ),
  heal: ({ web }) =>
    web.forEach((host) => {
      bugSleeps(host, 'desk', 'main.py');
      startAnew(host, 'desk');
    }),
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: ['dependency', 'database-connections', 'deployment', 'not-started'],
  },
});
