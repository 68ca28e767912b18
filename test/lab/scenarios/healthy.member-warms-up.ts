import { setTimeout as sleep } from 'node:timers/promises';
import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A member was down for some seconds and is back; the balancer gives it its full weight only after two minutes (slowstart).',
  because: 'Users get 200 and every member is up: one of them with a small weight, as it should be.',
  service: 'desk',
  users: [200],
  settleSeconds: 6,
  inject: async (lab) => {
    changeBalancer(lab, '/^backend desk/,$ s/rise 2/rise 2 slowstart 120s/');
    lab.host('web-2').run('systemctl', 'stop', 'desk');
    await sleep(5000);
    lab.host('web-2').run('systemctl', 'start', 'desk');
  },
  heal: (lab) => {
    lab.host('web-2').run('systemctl', 'start', 'desk');
    restoreBalancer(lab);
  },
  expect: { status: 'healthy', cause: null },
});
