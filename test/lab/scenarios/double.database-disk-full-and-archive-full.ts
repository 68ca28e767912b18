import { fillDisk, freeDisk } from '../faults/full-disk.js';
import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { sql } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

/** The disk of the database on which the orders stand, and one on each host of the app that only mail is kept on. */
const DISK = '/srv/fast-disk';
const ARCHIVE = '/var/spool/mail-archive';
/** One at a time: of those that fail together the room would be found again. */
const FILL = 'do $$ begin loop insert into orders values (-1, now()); commit; end loop; end $$';

export default defineScenario({
  fault:
    'Each page notes an order, and the disk of the database on which the orders stand is full; on each host of the app a disk is full as well, but only old mail is kept there.',
  because:
    'The app quotes the database: "could not extend file … No space left on device", from all hosts alike, and the health page notes an order, too. The full disk that can be seen on the hosts is none that the app writes to: to clear it helps nobody.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: (lab) => {
    lab.web.forEach((host) => {
      host.run('mkdir', '-p', ARCHIVE);
      fillDisk(host, ARCHIVE);
    });
    const database = lab.host('db-1');
    database.sh(`mkdir -p ${DISK}; mount -t tmpfs -o size=1m lab-disk ${DISK}
      chown postgres:postgres ${DISK}; chmod 700 ${DISK}`);
    sql(lab, `create tablespace fast location '${DISK}'`);
    sql(lab, 'alter table orders set tablespace fast', 'shop');
    lab.web.forEach((host) =>
      wakeBug(
        host,
        'shop',
        'app.py',
        's/select count(\\*) from orders/with placed as (insert into orders (placed) values (now()) returning id) select count(*) from placed/',
      ),
    );
    const fill = 'timeout 60 runuser -u postgres -- psql -qX -d shop -c "$1" 2>/dev/null || :';
    database.run('sh', '-c', fill, 'sh', FILL);
  },
  heal: (lab) => {
    lab.web.forEach((host) => {
      freeDisk(host, ARCHIVE);
      bugSleeps(host, 'shop', 'app.py');
      startAnew(host, 'shop');
    });
    sql(lab, 'delete from orders where id is null or id < 0', 'shop');
    sql(lab, 'alter table orders set tablespace pg_default', 'shop');
    sql(lab, 'vacuum full orders', 'shop');
    sql(lab, 'drop tablespace if exists fast');
    freeDisk(lab.host('db-1'), DISK);
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['app-refused-by-dependency', 'app-blames-dependency', 'dependency-failing'],
    notSaid: ['disk-full', 'database-connections', 'deployment', 'not-started', 'routing', 'deliberate'],
  },
});
