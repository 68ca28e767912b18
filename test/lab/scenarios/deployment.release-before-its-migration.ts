import { deploy, removeReleases } from '../faults/new-release.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A release went out to every host before the migration that it needs: it asks for a column that is not there.',
  because:
    'Since the release, and on every host that has it, each page fails with "column does not exist"; the database is as it was.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: ({ web }) =>
    web.forEach((host) =>
      deploy(host, {
        service: 'shop',
        release: 'r44',
        edit: 's/count(\\*) from orders/count(customer) from orders/',
      }),
    ),
  heal: (lab) =>
    lab.web.forEach((host) => {
      removeReleases(host, 'shop');
      startAnew(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: ['database-connections', 'overload', 'not-started'],
  },
});
