import { defineScenario } from '../scenario.js';
import { CLIENTS, redis, untilAnswers } from '../faults/redis.js';

export default defineScenario({
  fault: 'Clients of somebody else take every connection that Redis gives (maxclients).',
  because: 'Redis refuses new clients; the app lost its connections and gets none.',
  service: 'shop',
  users: [503],
  inject: (lab) => {
    lab.host('pay-1').run('systemd-run', '-q', '--unit=clients', 'python3', '-c', CLIENTS);
    // One connection for both: the next would be refused.
    const commands = 'CONFIG SET maxclients 20\\nCLIENT KILL TYPE normal SKIPME yes\\n';
    lab.host('cache-1').sh(`sleep 1; printf '${commands}' | redis-cli --no-auth-warning -a cache-secret`);
  },
  heal: (lab) => {
    lab.host('pay-1').sh('systemctl stop clients 2>/dev/null || true');
    untilAnswers(lab);
    redis(lab, 'CONFIG', 'SET', 'maxclients', '10000');
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: 'dependency-failing',
    // Members come back while somebody's connection is free, and are taken out again.
    hop: ['balancer', 'app'],
    notSaid: ['overload', 'database-connections'],
  },
});
