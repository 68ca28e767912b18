import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { endLoad, startLoad } from '../faults/load.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    "The balancer's frontend takes five connections at a time, and slow requests have taken all of them.",
  because:
    'Users get no answer at all: their connections wait before HAProxy accepts them. Its frontend is at its limit of sessions, the members are up and each has a worker free.',
  service: 'shop',
  users: [0],
  settleSeconds: 3,
  inject: (lab) => {
    changeBalancer(lab, 's/^    bind :80$/&\\n    maxconn 5/');
    startLoad('http://shop.lab.test/sleep?20', 24);
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
    hop: 'balancer',
    notSaid: ['dependency', 'database-connections', 'not-started', 'deployment', 'health-check'],
  },
});
