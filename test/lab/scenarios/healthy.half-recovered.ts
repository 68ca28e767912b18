import { defineScenario } from '../scenario.js';
import { untilUsersGet } from '../wellness.js';

export default defineScenario({
  fault: 'The app was stopped on every host; two of them are back, the third is not yet.',
  because:
    'Users get 200 again. That a member is still down is true and hurts nobody; that all were down is of the past.',
  service: 'desk',
  users: [200],
  settleSeconds: 1,
  inject: async ({ web, host }) => {
    web.forEach((each) => each.run('systemctl', 'stop', 'desk'));
    await untilUsersGet('http://desk.lab.test/', [503]);
    for (const name of ['web-1', 'web-2'] as const) host(name).run('systemctl', 'start', 'desk');
  },
  heal: ({ web }) => web.forEach((each) => each.run('systemctl', 'start', 'desk')),
  expect: { status: 'healthy', cause: null },
});
