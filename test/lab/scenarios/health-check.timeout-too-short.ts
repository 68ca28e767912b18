import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { restart } from '../faults/restart.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The health page takes 0.8 s, and the balancer asks every 0.3 s and waits no longer.',
  because:
    'All members are DOWN with L7TOUT after 300 ms. The health page answers 200, only later; real requests get 200 at once.',
  service: 'desk',
  users: [503],
  settleSeconds: 12,
  inject: (lab) => {
    lab.web.forEach((host) =>
      wakeBug(
        host,
        'desk',
        'main.py',
        's/^    handler = .*/    time.sleep(0.8 if environ["PATH_INFO"] == "\\/status" else 0)\\n&/',
      ),
    );
    // HAProxy 2.6 does not end a check before its interval is over: a short `timeout check` alone takes nobody out.
    changeBalancer(
      lab,
      '/^backend desk/,$ { s/inter 2s/inter 300ms/; s/^backend desk/&\\n    timeout check 300ms/ }',
    );
  },
  heal: (lab) => {
    restoreBalancer(lab);
    lab.web.forEach((host) => {
      bugSleeps(host, 'desk', 'main.py');
      restart([host], 'desk');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'health-check',
    confidence: ['confirmed', 'likely'],
    root: ['member-down-though-healthy', 'health-endpoint-slow'],
    hop: 'balancer',
    notSaid: ['not-started', 'routing', 'overload', 'deliberate', 'dependency', 'database-connections'],
  },
});
