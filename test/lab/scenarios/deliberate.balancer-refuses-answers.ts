import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A hardening of the balancer lets no answer out that lacks a header of security (http-response deny); the release that sets it comes next week only.',
  because:
    'Every page is passed to a member, which answers 200, and the balancer puts a 503 of its own in the place of that answer: it counts denied responses, and its log has P among the flags. Members are up, for what the check hears goes by no such rule, and whoever asks the app or nginx directly gets 200.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: (lab) =>
    changeBalancer(
      lab,
      's/^backend shop$/&\\n    http-response deny deny_status 503 if !{ res.hdr(X-Frame-Options) -m found }/',
    ),
  heal: restoreBalancer,
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    confidence: ['confirmed', 'likely', 'possible'],
    root: 'request-denied',
    hop: 'balancer',
    notSaid: [
      'not-started',
      'overload',
      'dependency',
      'database-connections',
      'deployment',
      'health-check',
      'routing',
    ],
  },
});
