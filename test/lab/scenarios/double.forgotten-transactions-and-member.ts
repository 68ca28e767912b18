import { endSessions, openSessions } from '../faults/sql-session.js';
import { untilNoSlotIsLeft } from '../faults/sql.js';
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
    lab.web.forEach((host) => host.run('systemctl', 'stop', 'shop'));
    openSessions(lab, 'shop', 'begin; select count(*) from orders;', 40);
    untilNoSlotIsLeft(lab);
    lab.web.slice(1).forEach((host) => host.run('systemctl', 'start', 'shop'));
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
