import { limitUnit, unlimitUnit } from '../faults/limits.js';
import { endLoad, startLoad } from '../faults/load.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The unit may use a tenth of one core, and has more to do than that.',
  because:
    'Its quota is used up in nearly every period: the kernel holds the workers back, whatever the host has to spare.',
  service: 'shop',
  users: [503, 504],
  settleSeconds: 3,
  inject: ({ web }) => {
    web.forEach((host) => limitUnit(host, 'shop', 'CPUQuota=10%'));
    startLoad('http://shop.lab.test/burn?0.4', 30);
  },
  heal: ({ web }) => {
    endLoad();
    web.forEach((host) => {
      unlimitUnit(host, 'shop');
      startAnew(host, 'shop');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'overload',
    root: 'cpu-saturated',
    hop: 'balancer',
    notSaid: ['dependency', 'database-connections', 'not-started'],
  },
});
