import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { endLoad, startLoad } from '../faults/load.js';
import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const AUDIT = [
  's/pool_timeout=3/pool_timeout=1/',
  's/^        count = connection.execute.*/&\\n        with engine.connect() as audit:\\n            audit.execute(text("select state from tickets where id = 1"))/',
].join(';');

export default defineScenario({
  fault:
    'Each page of the desk takes a second connection of its pool for the audit while it still has the first. With few customers that did no harm; now thirty come at once, and four pages have one connection each and wait for the second. The balancer checks nothing.',
  because:
    'The app says "QueuePool limit of size 4 overflow 0 reached, connection timed out" on every host, and the database and PgBouncer have room: nobody waits at the pooler and no session for a lock. The threads wait for each other for what the pool of their own process does not have.',
  service: 'desk',
  users: [0, 503],
  settleSeconds: 6,
  inject: (lab) => {
    changeBalancer(lab, '/^backend desk/,$ s/default-server check .*/default-server inter 2s/');
    lab.web.forEach((host) => wakeBug(host, 'desk', 'main.py', AUDIT));
    lab.host('lb-1').run('sleep', '4');
    startLoad('http://desk.lab.test/', 30, 200);
  },
  heal: (lab) => {
    endLoad();
    restoreBalancer(lab);
    lab.web.forEach((host) => {
      bugSleeps(host, 'desk', 'main.py');
      startAnew(host, 'desk');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely'],
    root: 'app-pool-exhausted',
    hop: 'app',
    notSaid: [
      'connections-exhausted',
      'pooler-queue-waiting',
      'sessions-blocked-by-lock',
      'dependency',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
    ],
  },
});
