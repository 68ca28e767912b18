import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A template reckons the workers of the app as a quarter of the cores, and on hosts of two that is none (--workers 0); gunicorn takes it, on every host.',
  because:
    'The unit is active and its port open, and nobody accepts: the only process is the master, which serves nothing. What arrives waits in the queue of the port until it gives up, without any CPU and without a call to anything that the app needs.',
  service: 'shop',
  users: [0, 503, 504],
  settleSeconds: 10,
  inject: ({ web }) =>
    web.forEach((host) =>
      changeUnit(host, 'shop', [
        '[Service]',
        'ExecStart=',
        'ExecStart=/usr/bin/gunicorn --workers 0 --backlog 16 --bind 127.0.0.1:8000 --timeout 60 --graceful-timeout 3 app:application',
      ]),
    ),
  heal: ({ web }) => web.forEach((host) => restoreUnit(host, 'shop')),
  expect: {
    // No place for any request, or an app that was never really started: both are said of it.
    status: 'cause-found',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: ['balancer', 'proxy'],
    notSaid: ['dependency', 'database-connections', 'deployment', 'routing', 'deliberate'],
  },
});
