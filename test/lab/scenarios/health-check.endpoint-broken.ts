import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { restart } from '../faults/restart.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The health page answers 503 for a bug of its own; every other page works.',
  because:
    'All members are DOWN with L7STS 503. On each host the health page fails and a real request gets 200: the check measures the wrong thing.',
  service: 'desk',
  users: [503],
  settleSeconds: 12,
  inject: ({ web }) =>
    web.forEach((host) =>
      wakeBug(
        host,
        'desk',
        'main.py',
        's/^        body = tickets.*/        assert environ["PATH_INFO"] != "\\/status", "unknown build"\\n&/',
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
    confidence: ['confirmed', 'likely'],
    root: ['health-endpoint-failing', 'member-down-though-healthy'],
    hop: 'balancer',
    notSaid: ['not-started', 'routing', 'overload', 'deliberate', 'dependency', 'database-connections'],
  },
});
