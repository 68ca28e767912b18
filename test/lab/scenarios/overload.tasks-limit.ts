import { limitUnit, unlimitUnit } from '../faults/limits.js';
import { endLoad, startLoad } from '../faults/load.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The unit may have no more threads than it has; the app wants one for each request, and cannot start it.',
  because: 'The journal says "can\'t start new thread", and the control group is at its limit of tasks.',
  service: 'desk',
  users: [0, 502, 503],
  settleSeconds: 3,
  inject: ({ web }) => {
    web.forEach((host) => {
      startAnew(host, 'desk');
      limitUnit(host, 'desk', 'TasksMax=2');
    });
    startLoad('http://desk.lab.test/', 4, 200);
  },
  heal: ({ web }) => {
    endLoad();
    web.forEach((host) => {
      unlimitUnit(host, 'desk');
      startAnew(host, 'desk');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'overload',
    notSaid: ['dependency', 'database-connections'],
  },
});
