import { setAside, setReady } from '../faults/members.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Two members are in maintenance on the balancer for an upgrade; the third serves everybody.',
  because: 'Users get 200: a maintenance window as it should be.',
  service: 'desk',
  users: [200],
  settleSeconds: 3,
  inject: (lab) => setAside(lab, 'desk', 'maint', ['web-2', 'web-3']),
  heal: (lab) => setReady(lab, 'desk'),
  expect: { status: 'healthy', cause: null },
});
