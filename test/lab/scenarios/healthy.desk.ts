import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Nothing is wrong with the desk.',
  because: 'Users get 200 and every member is up.',
  service: 'desk',
  users: [200],
  settleSeconds: 0,
  inject: () => undefined,
  heal: () => undefined,
  expect: { status: 'healthy', cause: null },
});
