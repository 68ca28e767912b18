import { openToBalancer } from '../faults/firewall.js';
import { forgetSessions } from '../faults/forgotten-sessions.js';
import { endLoad } from '../faults/load.js';
import { startAnew } from '../faults/start-anew.js';
import { warmUp } from '../faults/warm-up.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A firewall before the database lost its table of connections: what the app sends on the sessions that it keeps is dropped in silence; a new login is let through.',
  because:
    'Every worker has asked the database something and waits without CPU; the bytes stand unacknowledged in the queues of its connections. The database itself answers a new login at once and takes the sessions of the app for idle: the way between the two is broken, for what is open.',
  service: 'shop',
  users: [0, 503, 504],
  settleSeconds: 5,
  inject: async ({ host }) => {
    await warmUp();
    forgetSessions(host('db-1'), 5432);
  },
  heal: (lab) => {
    endLoad();
    openToBalancer(lab.host('db-1'));
    lab.web.forEach((host) => startAnew(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: ['balancer', 'proxy'],
    notSaid: ['deployment', 'not-started', 'deliberate', 'routing', 'connections-exhausted'],
  },
});
