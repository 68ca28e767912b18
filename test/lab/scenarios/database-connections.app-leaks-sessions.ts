import { endLoad, startLoad } from '../faults/load.js';
import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { endSessions } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'An old bug of the app shows: each page opens a session of the database and gives none back.',
  because:
    'The server has no slot left, and those who hold them, idle, are the hosts of the app itself: more sessions than it has workers.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: ({ web }) => {
    web.forEach((host) =>
      wakeBug(
        host,
        'shop',
        'app.py',
        's/^connection = None/&\\nKEPT = []/; s/^    if connection is None or connection.closed:/    KEPT.append(connection)\\n    if True:/',
      ),
    );
    startLoad('http://shop.lab.test/', 3, 200);
  },
  heal: (lab) => {
    endLoad();
    lab.web.forEach((host) => {
      bugSleeps(host, 'shop', 'app.py');
      startAnew(host, 'shop');
    });
    endSessions(lab, 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely'],
    root: ['connections-exhausted', 'app-refused-connection'],
    hop: 'balancer',
    notSaid: ['overload', 'dependency', 'deployment', 'not-started', 'idle-in-transaction'],
  },
});
