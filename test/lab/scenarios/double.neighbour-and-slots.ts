import { endSessions, openSessions } from '../faults/sql-session.js';
import { untilNoSlotIsLeft } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A job on every host eats the CPU; and idle sessions of somebody else take every connection of the database.',
  because:
    'The app says that no connection slot is left, at once and not late. The busy CPU is true, and its own workers want none of it.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: (lab) => {
    lab.web.forEach((host) => host.run('systemctl', 'stop', 'shop'));
    openSessions(lab, 'shop', 'select 1;', 40);
    untilNoSlotIsLeft(lab);
    lab.web.forEach((host) => {
      host.run('systemctl', 'start', 'shop');
      host.sh('systemd-run -q --collect --unit=lab-hog stress-ng --cpu 2 --timeout 90');
    });
  },
  heal: (lab) => {
    endSessions(lab);
    lab.web.forEach((host) => {
      host.sh('systemctl stop lab-hog 2>/dev/null || :');
      startAnew(host, 'shop');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    root: 'connections-exhausted',
    notSaid: ['overload', 'deployment'],
  },
});
