import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The balancer finds its members by names, which are no longer in the DNS.',
  because:
    'HAProxy shows the members as MAINT (resolution): nobody has set them aside, it has no address for them. The app answers on every host.',
  service: 'desk',
  users: [503],
  settleSeconds: 4,
  inject: (lab) =>
    changeBalancer(
      lab,
      's,^backend shop,resolvers lab\\n    nameserver ns1 10.203.0.25:53\\n\\n&,; s,^    server \\(web-.\\) .*:9100$,    server \\1 \\1.lab.test:9100 resolvers lab init-addr none,',
    ),
  heal: restoreBalancer,
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: ['not-started', 'deployment', 'deliberate', 'overload'],
  },
});
