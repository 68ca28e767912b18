import { endSessions, openSessions } from '../faults/sql-session.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Forgotten transactions take every connection of the database; on one host the app is stopped, too.',
  because:
    'The app says that no slot is left, and most sessions sit idle in a transaction: that makes the health checks fail on two hosts. The third is stopped: both are true.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: (lab) => {
    const [first, ...rest] = lab.web;
    first?.run('systemctl', 'stop', 'shop');
    openSessions(lab, 'shop', 'begin; select count(*) from orders;', 26);
    rest.forEach((host) => startAnew(host, 'shop'));
  },
  heal: (lab) => {
    endSessions(lab);
    lab.web.forEach((host) => startAnew(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    root: ['idle-in-transaction', 'connections-exhausted'],
    notSaid: ['overload', 'deployment'],
  },
});
