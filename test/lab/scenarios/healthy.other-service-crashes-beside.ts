import { deploy, removeReleases } from '../faults/new-release.js';
import { startAnew } from '../faults/start-anew.js';
import { untilUsersGet } from '../wellness.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The desk crashes at its start on every host since its release of a moment ago, and its users get 503; it is the shop that is asked about, which stands on the same hosts behind the same balancer.',
  because:
    'The balancer logs 503 each second, all of the pool of the desk; the unit that fails again and again and the release that is new are those of the desk. Every page of the shop is 200 and its members are up.',
  service: 'shop',
  users: [200],
  settleSeconds: 5,
  inject: async ({ web }) => {
    web.forEach((host) =>
      deploy(host, { service: 'desk', release: 'd8', begins: 'import ticket_templates' }),
    );
    await untilUsersGet('http://desk.lab.test/', [503]);
  },
  heal: ({ web }) =>
    web.forEach((host) => {
      removeReleases(host, 'desk');
      startAnew(host, 'desk');
    }),
  expect: { status: 'healthy', cause: null },
});
