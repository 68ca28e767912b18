import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

const RULE =
  '    http-request deny deny_status 503 if { hdr(host) -i shop.lab.test } !{ path_beg /health } { rand(100) lt 35 }';

export default defineScenario({
  fault:
    'For a game day the balancer refuses one page of the shop in three with 503, at random (http-request deny with rand), to see what the callers make of it; the day is over and the rule was left.',
  because:
    'A third of the pages get 503 at once, of the balancer itself and without a member: its log ends them by PR, and its counter of refused requests grows. Every member is up and answers all that it is sent with 200. A rule that somebody wrote refuses them, nothing is broken.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 12,
  inject: (lab) => changeBalancer(lab, `s,^    use_backend shop .*,${RULE}\\n&,`),
  heal: restoreBalancer,
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    confidence: ['confirmed', 'likely', 'possible'],
    root: 'request-denied',
    hop: 'balancer',
    notSaid: [
      'overload',
      'dependency',
      'database-connections',
      'deployment',
      'not-started',
      'health-check',
      'routing',
    ],
  },
});
