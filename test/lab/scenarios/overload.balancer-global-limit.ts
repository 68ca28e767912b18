import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { endLoad, startLoad } from '../faults/load.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The whole balancer may have six connections since its last change (maxconn among its global settings), and customers of a slow page have taken all of them.',
  because:
    'Users get no answer at all: what they open waits in the kernel, for HAProxy is at its own limit (CurrConns = Maxconn). Members are up, and each has a worker that is free.',
  service: 'shop',
  users: [0],
  settleSeconds: 3,
  inject: (lab) => {
    changeBalancer(lab, 's/^global$/&\\n    maxconn 6/');
    startLoad('http://shop.lab.test/sleep?17', 24);
  },
  heal: (lab) => {
    endLoad();
    restoreBalancer(lab);
    lab.web.forEach((host) => startAnew(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['frontend-full', 'proxy-connections-exhausted'],
    hop: 'balancer',
    notSaid: [
      'dependency',
      'database-connections',
      'not-started',
      'deployment',
      'health-check',
      'deliberate',
      'routing',
    ],
  },
});
