import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Nothing is wrong.',
  because: 'Users get 200 and every member is up.',
  service: 'shop',
  users: [200],
  inject: () => undefined,
  heal: () => undefined,
  expect: { status: 'healthy' },
});
