import { endSessions, sql } from '../faults/sql.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'A new line of pg_hba.conf rejects the login of the shop from all hosts of the app.',
  because: 'The app quotes the rejection; the server runs, has room, and lets other logins in.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: (lab) => {
    lab
      .host('db-1')
      .sh("sed -i '1i host shop shop 10.203.0.0/24 reject # lab' /etc/postgresql/15/main/pg_hba.conf");
    sql(lab, 'select pg_reload_conf()');
    endSessions(lab, 'shop');
  },
  heal: (lab) => {
    lab.host('db-1').sh("sed -i '/# lab$/d' /etc/postgresql/15/main/pg_hba.conf");
    sql(lab, 'select pg_reload_conf()');
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: ['app-refused-by-dependency', 'dependency-failing'],
    hop: 'balancer',
    notSaid: ['database-connections', 'overload', 'deployment', 'not-started'],
  },
});
