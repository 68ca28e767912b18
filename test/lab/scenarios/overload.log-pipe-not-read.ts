import { endLoad, startLoad } from '../faults/load.js';
import { layDropIn, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';
import { untilUsersGet } from '../wellness.js';

const GUNICORN =
  '/usr/bin/gunicorn --workers 3 --backlog 16 --bind 127.0.0.1:8000 --timeout 60 --graceful-timeout 3';
/** Each line of the log has the address that was asked for. */
const LONG = `http://shop.lab.test/?q=${'x'.repeat(3000)}`;

export default defineScenario({
  fault:
    'The app writes its log into a pipe, and the program at the other end, which ships it, reads no more: once the pipe is full each worker waits to write its line.',
  because:
    'The unit is active and its port open, but each worker stands still after its last answer: no CPU, no request to anybody, the system call is a write to a pipe. All that the app needs answers at once.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: async ({ web }) => {
    for (const host of web) {
      layDropIn(host, 'shop', [
        '[Service]',
        'ExecStart=',
        `ExecStart=/bin/bash -c "exec ${GUNICORN} --access-logfile - app:application > >(exec sleep infinity) 2>&1"`,
      ]);
      host.sh('systemctl daemon-reload; systemctl restart shop');
    }
    for (const host of web)
      host.sh('until curl -sf -m 2 -o /dev/null http://127.0.0.1:8000/health/; do sleep 0.2; done');
    await untilUsersGet('http://shop.lab.test/', [200]);
    startLoad(LONG, 12, 50);
  },
  heal: ({ web }) => {
    endLoad();
    web.forEach((host) => restoreUnit(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: ['dependency', 'database-connections', 'deployment', 'not-started', 'routing', 'deliberate'],
  },
});
