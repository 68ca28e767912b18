import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { restart } from '../faults/restart.js';
import { defineScenario } from '../scenario.js';

const PAGE = 'public/system/maintenance.html';

export default defineScenario({
  fault: 'The app itself is in maintenance since a file was put into its folder; its health page goes on.',
  because:
    "The 503 came through nginx and is the app's: it speaks of maintenance, and the file that it goes by is there on every host.",
  service: 'shop',
  users: [503],
  inject: ({ web }) =>
    web.forEach((host) => {
      host.sh(
        `cd /srv/shop/current; mkdir -p public/system; touch -d '9 days ago' public; echo down >${PAGE}`,
      );
      wakeBug(
        host,
        'shop',
        'app.py',
        `s|^    if path in PAGES:|    if path != "/health/" and os.path.exists("${PAGE}"):\\n        status, body = "503 Service Unavailable", {"message": "Down for maintenance"}\\n    elif path in PAGES:|`,
      );
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      host.sh('rm -rf /srv/shop/current/public');
      bugSleeps(host, 'shop', 'app.py');
      restart([host], 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    confidence: ['confirmed', 'likely'],
    root: 'maintenance-mode',
    hop: 'app',
    notSaid: ['not-started', 'health-check', 'overload', 'dependency', 'routing', 'deployment'],
  },
});
