import { sql } from '../faults/sql.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The database server had to be restarted after an error of its disk, and the repair of the file system has lost the file in which the table of orders lies.',
  because:
    'Every page fails with "could not open file base/…: No such file or directory", which the database says and its log as well; it lets everybody in, has room, and answers whatever does not need that table.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: (lab) => {
    const file = sql(lab, "select pg_relation_filepath('orders')", 'shop').trim();
    lab.host('db-1').sh(`systemctl stop postgresql@15-main; mkdir -p /root/lost
      echo /var/lib/postgresql/15/main/${file} >/root/lost/path
      mv /var/lib/postgresql/15/main/${file} /root/lost/file
      systemctl start postgresql@15-main`);
  },
  heal: ({ host }) =>
    void host('db-1').sh(`[ ! -e /root/lost/file ] || mv -f /root/lost/file "$(cat /root/lost/path)"
      rm -rf /root/lost; systemctl start postgresql@15-main`),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['app-refused-by-dependency', 'app-blames-dependency', 'dependency-failing'],
    hop: 'balancer',
    notSaid: ['database-connections', 'overload', 'deployment', 'not-started', 'routing', 'deliberate'],
  },
});
