import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { redis } from '../faults/redis.js';
import { restart } from '../faults/restart.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The app looks for a switch in the cache with each page; somebody set it for a stock-taking, and the app says 503 to everybody. Its health page goes on.',
  because:
    "The 503 came through nginx at once and is the app's: it says that the shop is closed for stock-taking, by whom, and when to come back (Retry-After). Members are up; cache, database and payments are well.",
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: (lab) => {
    lab.web.forEach((host) =>
      wakeBug(
        host,
        'shop',
        'app.py',
        [
          's|^    if path in PAGES:|    closed = path != "/health/" and cache.get("shop:closed")\\n    if closed:\\n        status, body = "503 Service Unavailable", {"message": closed.decode()}\\n    elif path in PAGES:|',
          's|^    start_response(status, \\[|&("Retry-After", "3600")] * bool(closed) + [|',
        ].join(';'),
      ),
    );
    redis(
      lab,
      'SET',
      'shop:closed',
      'The shop is temporarily closed for scheduled stock-taking (switched off by operations)',
    );
  },
  heal: (lab) => {
    redis(lab, 'DEL', 'shop:closed');
    lab.web.forEach((host) => {
      bugSleeps(host, 'shop', 'app.py');
      restart([host], 'shop');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['maintenance-mode', 'request-denied'],
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
