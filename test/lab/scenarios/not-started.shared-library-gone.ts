import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'A clean-up of packages took libpq away from every host, and the app was restarted afterwards.',
  because:
    'Workers fail to boot: "libpq.so.5: cannot open shared object file". The database itself is well and was not even asked.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: ({ web }) =>
    web.forEach((host) =>
      host.sh(
        'for f in /usr/lib/*/libpq.so.5; do mv "$f" "$f.kept"; done; systemctl restart --no-block shop',
      ),
    ),
  heal: ({ web }) =>
    web.forEach((host) => {
      host.sh('for f in /usr/lib/*/libpq.so.5.kept; do mv "$f" "${f%.kept}"; done');
      startAnew(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: ['unit-crash-looping', 'unit-failed', 'port-not-listening'],
    hop: 'balancer',
    notSaid: ['deployment', 'dependency', 'database-connections', 'overload'],
  },
});
