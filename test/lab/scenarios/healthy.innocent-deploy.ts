import { deploy, withdraw } from '../faults/release.js';
import { startAnew } from '../faults/start-anew.js';
import { untilUsersGet } from '../wellness.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'A release came out on every host a moment ago, and works.',
  because: 'Users get 200: a deploy that hurts nobody is no cause.',
  service: 'shop',
  users: [200],
  settleSeconds: 10,
  inject: async ({ web }) => {
    for (const host of web) deploy(host, 'r42');
    await untilUsersGet('http://shop.lab.test/', [200]);
  },
  heal: ({ web }) =>
    web.forEach((host) => {
      withdraw(host);
      startAnew(host, 'shop');
    }),
  expect: { status: 'healthy', cause: null },
});
