import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { startAnew } from '../faults/start-anew.js';
import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Against a leak each worker was to be replaced after a thousand requests, and the unit says one (--max-requests 1), on every host; a worker loads its price list for twenty seconds before it serves.',
  because:
    'The unit runs without a restart, its port is open, and the journal is full of workers that exit after one request and boot: nearly always all three are still loading. Three requests in twenty seconds is all that a host can do, and the checks of the balancer alone are more. Nothing that the app needs is slow.',
  service: 'shop',
  users: [0, 502, 503, 504],
  settleSeconds: 40,
  inject: ({ web }) =>
    web.forEach((host) => {
      wakeBug(host, 'shop', 'app.py', 's/^import redis$/&\\ntime.sleep(20)/');
      changeUnit(host, 'shop', ['[Service]', 'Environment="GUNICORN_CMD_ARGS=--max-requests 1"']);
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      bugSleeps(host, 'shop', 'app.py');
      restoreUnit(host, 'shop');
      startAnew(host, 'shop');
    }),
  expect: {
    // Too few places for what comes, or an app that is never done with its start: both are said of it.
    status: 'cause-found',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: ['balancer', 'proxy'],
    notSaid: ['dependency', 'database-connections', 'deployment', 'routing', 'deliberate'],
  },
});
