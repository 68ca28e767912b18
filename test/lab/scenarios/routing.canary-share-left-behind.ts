import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';
import { HOSTS } from '../topology.js';

export default defineScenario({
  fault:
    'The balancer gives six requests in ten to a pool of its own for a canary (rand); the canary was taken down after its trial, and its share stayed.',
  because:
    'Six pages in ten get 503 of HAProxy itself, at once, with desk-canary/<NOSRV> in its log; the others are served by the pool of the desk, all of whose members are up and which never fails. The rule sends customers to a pool in which nobody is left.',
  service: 'desk',
  users: [200, 503],
  settleSeconds: 12,
  inject: (lab) =>
    changeBalancer(
      lab,
      [
        's/^    use_backend desk .*/    use_backend desk-canary if { hdr(host) -i desk.lab.test } { rand(100) lt 60 }\\n&/',
        `s/^backend desk$/backend desk-canary\\n    server canary-1 ${HOSTS['web-3'].address}:9101 check inter 1s fall 2 rise 2\\n\\n&/`,
      ].join(';'),
    ),
  heal: restoreBalancer,
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: ['overload', 'dependency', 'database-connections', 'deliberate', 'unit-inactive', 'unit-failed'],
  },
});
