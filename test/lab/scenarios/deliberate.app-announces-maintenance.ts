import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The app itself answers 503 to everybody, the check too, with a text about maintenance and Retry-After.',
  because:
    'Its own answer says so: scheduled maintenance, and when to come back. It runs, and nothing that it needs is broken.',
  service: 'desk',
  users: [503],
  settleSeconds: 6,
  inject: ({ web }) =>
    web.forEach((host) =>
      wakeBug(
        host,
        'desk',
        'main.py',
        's/^    handler = PAGES.*/    start_response("503 Service Unavailable", [("Content-Type", "text\\/plain"), ("Retry-After", "3600")])\\n    return [b"Scheduled maintenance until 18:00"]/; /^    try:/,$d',
      ),
    ),
  heal: ({ web }) =>
    web.forEach((host) => {
      bugSleeps(host, 'desk', 'main.py');
      startAnew(host, 'desk');
    }),
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['maintenance-mode'],
    hop: 'balancer',
    notSaid: ['database-connections', 'deployment', 'not-started', 'overload', 'dependency', 'routing'],
  },
});
