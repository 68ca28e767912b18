import { capListenQueues, USUAL_QUEUE } from '../faults/listen-queue.js';
import { endLoad, startLoad } from '../faults/load.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A tuning of the kernel on every host allows a queue of one connection for each port (somaxconn); the app was restarted under it, and a crowd comes that its queue of 16 would have held.',
  because:
    'The kernel drops what arrives at the port of the app while its three workers are busy: the queue is full with two, whatever gunicorn asked for. Nothing that the app needs is slow.',
  service: 'shop',
  users: [0, 503, 504],
  settleSeconds: 8,
  inject: ({ web }) => {
    web.forEach((host) => {
      capListenQueues(host, 1);
      startAnew(host, 'shop');
    });
    startLoad('http://shop.lab.test/sleep?1', 60, 200);
  },
  heal: ({ web }) => {
    endLoad();
    web.forEach((host) => {
      capListenQueues(host, USUAL_QUEUE);
      startAnew(host, 'shop');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['accept-queue-full', 'workers-busy'],
    hop: ['balancer', 'proxy'],
    notSaid: ['dependency', 'database-connections', 'not-started', 'deployment', 'deliberate'],
  },
  wrongBecause:
    'A queue of one connection is found empty as often as full: what is left to see are late answers, of the app and, on a starved machine, of what it asks.',
});
