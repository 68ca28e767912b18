import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The app is stopped on one host; the balancer has taken it out, and users get 200.',
  because: 'Redundancy does what it is for: nobody gets 503, so there is no cause of one.',
  service: 'shop',
  users: [200],
  settleSeconds: 6,
  inject: ({ host }) => void host('web-3').run('systemctl', 'stop', 'shop'),
  heal: ({ host }) => void host('web-3').run('systemctl', 'start', 'shop'),
  expect: { status: 'healthy', cause: null },
});
