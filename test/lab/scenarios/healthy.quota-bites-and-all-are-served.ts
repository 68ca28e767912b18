import { limitUnit, unlimitUnit } from '../faults/limits.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The unit may use an eighth of one core on every host, and the kernel holds it back for a moment with each page; few customers are there, and all are served.',
  because:
    'The group of the unit counts throttled periods, and pages take some tenths of a second longer. Users get 200, no queue grows and every member is up: a quota that is felt is not one that is too small.',
  service: 'shop',
  users: [200],
  settleSeconds: 12,
  inject: ({ web }) => web.forEach((host) => limitUnit(host, 'shop', 'CPUQuota=12%')),
  heal: ({ web }) =>
    web.forEach((host) => {
      unlimitUnit(host, 'shop');
      startAnew(host, 'shop');
    }),
  expect: { status: 'healthy', cause: null },
});
