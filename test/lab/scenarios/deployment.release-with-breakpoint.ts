import { deploy, removeReleases } from '../faults/new-release.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Its author left a breakpoint() in release r42, just before the call of the payment service, and it went out to every host: the debugger finds nobody to talk to and gives up, with each page.',
  because:
    'All members are up, for the health page does not come by there, and every page is the 503 of the app, at once. Its log has the prompt of the debugger with the path of r42 before each complaint of "payments", which is empty; the payment service itself answers 200 from each host. This began with the restart into r42 and was never there before: the release is to blame.',
  service: 'shop',
  users: [503],
  settleSeconds: 10,
  inject: ({ web }) =>
    web.forEach((host) =>
      deploy(host, {
        service: 'shop',
        release: 'r42',
        edit: 's/^            with urllib/            breakpoint()\\n&/',
      }),
    ),
  heal: ({ web }) =>
    web.forEach((host) => {
      removeReleases(host, 'shop');
      startAnew(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['release-erring', 'release-failing'],
    hop: 'app',
    notSaid: [
      ...(['dependency', 'database-connections', 'overload', 'not-started'] as const),
      ...(['health-check', 'routing', 'deliberate'] as const),
    ],
  },
});
