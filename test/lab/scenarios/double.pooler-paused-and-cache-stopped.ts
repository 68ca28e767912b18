import { tellPooler } from '../faults/pooler-console.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Somebody paused the pool of the desk in PgBouncer and forgot it; then Redis was stopped, too.',
  because:
    'Pages wait for a connection of the pool and fail there, before they would ask the cache: the pooler has clients that wait, and gives none a server. The cache refuses from every host, so to resume the pool alone would bring nobody back: both must be said.',
  service: 'desk',
  users: [503],
  settleSeconds: 9,
  inject: (lab) => {
    tellPooler(lab, 'PAUSE');
    lab.host('cache-1').run('systemctl', 'stop', 'redis-server');
  },
  heal: (lab) => {
    lab.host('cache-1').run('systemctl', 'start', 'redis-server');
    tellPooler(lab, 'RESUME');
    lab.web.forEach((host) => startAnew(host, 'desk'));
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['pooler-queue-waiting', 'app-pool-exhausted'],
    hop: 'balancer',
    found: ['dependency-unreachable'],
    notSaid: ['connections-exhausted', 'deployment', 'not-started', 'routing', 'deliberate'],
  },
});
