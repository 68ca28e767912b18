import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Nothing is wrong, and diag503 was told hosts and health address only.',
  because: 'Users get 200 and the app says so on every host.',
  service: 'shop-bare',
  users: [200],
  settleSeconds: 0,
  inject: () => undefined,
  heal: () => undefined,
  expect: { status: 'healthy', cause: null },
});
