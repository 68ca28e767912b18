import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { restart } from '../faults/restart.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The app has no health page any more at the path that the balancer asks for.',
  because:
    'All members are DOWN with L7STS 404, the app itself says 404 there, and real requests get 200 on every host.',
  service: 'desk',
  users: [503],
  settleSeconds: 12,
  inject: ({ web }) =>
    web.forEach((host) =>
      wakeBug(
        host,
        'desk',
        'main.py',
        's/^    handler = .*/    if environ["PATH_INFO"] == "\\/status":\\n        start_response("404 Not Found", [])\\n        return [b""]\\n&/',
      ),
    ),
  heal: ({ web }) =>
    web.forEach((host) => {
      bugSleeps(host, 'desk', 'main.py');
      restart([host], 'desk');
    }),
  expect: {
    status: 'cause-found',
    cause: 'health-check',
    confidence: 'confirmed',
    root: ['health-endpoint-misplaced', 'member-down-though-healthy'],
    hop: 'balancer',
    notSaid: ['not-started', 'routing', 'overload', 'deliberate', 'dependency', 'deployment'],
  },
});
