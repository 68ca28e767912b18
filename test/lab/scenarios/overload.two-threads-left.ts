import { endLoad, startLoad } from '../faults/load.js';
import { startAnew } from '../faults/start-anew.js';
import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The app runs as one process with two threads on every host; forty customers ask for a page that keeps a thread for six seconds.',
  because:
    'Both threads of each host are always in a request, without CPU and without waiting for anybody, and the rest stands in the queue of the port: too few places for the crowd.',
  service: 'shop',
  users: [0, 503, 504],
  settleSeconds: 10,
  inject: ({ web }) => {
    web.forEach((host) =>
      changeUnit(host, 'shop', [
        '[Service]',
        'ExecStart=',
        'ExecStart=/usr/bin/gunicorn --worker-class gthread --workers 1 --threads 2 --worker-connections 2 --backlog 8 --bind 127.0.0.1:8000 --timeout 60 --graceful-timeout 3 app:application',
      ]),
    );
    startLoad('http://shop.lab.test/sleep?6', 40);
  },
  heal: ({ web }) => {
    endLoad();
    web.forEach((host) => {
      restoreUnit(host, 'shop');
      startAnew(host, 'shop');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    notSaid: ['dependency', 'database-connections', 'not-started', 'routing', 'deliberate'],
  },
});
