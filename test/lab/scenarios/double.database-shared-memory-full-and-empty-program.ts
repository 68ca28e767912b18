import { sql } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import { untilWell } from '../wellness.js';
import { defineScenario } from '../scenario.js';

/** As most machines have it; the lab's own cluster was made where there was no /dev/shm yet. */
const SETTING = '/etc/postgresql/15/main/conf.d/shm.conf';
const PROGRAM = '/usr/bin/gunicorn';
const KEPT = '/root/gunicorn.kept';

export default defineScenario({
  fault:
    'An import laid its file of orders into /dev/shm of the database server and left it there, so that nothing more fits, while the table of orders is now large enough to be counted by several processes together. Besides, an upgrade of packages on web-3 was broken off and left gunicorn there as an empty file, which shows since the shop was restarted on that host.',
  because:
    'The app quotes the database for pages and health page alike: "could not resize shared memory segment … No space left on device". The database lets it in, answers other statements and has slots left; the disks of the hosts have room, for it is the memory of the database server that is full. web-3 ends each start with 203/EXEC, "Exec format error": true and to be told, but to mend it would give one more host that says 503.',
  service: 'shop',
  users: [503],
  settleSeconds: 14,
  inject: async (lab) => {
    const database = lab.host('db-1');
    // What the server has in there is kept: it is to be full, not gone.
    database.sh(`systemctl stop postgresql@15-main
      mount -t tmpfs -o size=4m,mode=1777 lab-shm /dev/shm
      echo 'dynamic_shared_memory_type = posix' >${SETTING}
      systemctl start postgresql@15-main`);
    sql(lab, 'insert into orders select id, now() from generate_series(1001, 601000) id', 'shop');
    sql(lab, 'analyze orders', 'shop');
    await untilWell(lab);
    const third = lab.host('web-3');
    third.sh(`[ -e ${KEPT} ] || mv ${PROGRAM} ${KEPT}
      : >${PROGRAM}; chmod 755 ${PROGRAM}
      systemctl restart --no-block shop`);
    // Again and again: what the queries of that moment give back is taken, too.
    database.sh(`for turn in 1 2 3 4 5 6 7 8; do
      dd if=/dev/zero of=/dev/shm/orders-import.csv bs=4k oflag=append conv=notrunc 2>/dev/null || :; sleep 0.3
    done`);
  },
  heal: (lab) => {
    const database = lab.host('db-1');
    database.sh(`systemctl stop postgresql@15-main
      while grep -q '^lab-shm /dev/shm ' /proc/self/mounts; do umount -l /dev/shm; done
      rm -f ${SETTING}
      systemctl start postgresql@15-main`);
    sql(lab, 'delete from orders where id > 1000', 'shop');
    sql(lab, 'vacuum full analyze orders', 'shop');
    lab.host('web-3').sh(`[ ! -e ${KEPT} ] || mv -f ${KEPT} ${PROGRAM}`);
    lab.web.forEach((host) => startAnew(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['app-refused-by-dependency', 'app-blames-dependency', 'dependency-failing'],
    hop: ['balancer', 'app'],
    found: ['unit-crash-looping'],
    notSaid: [
      'disk-full',
      'database-connections',
      'deployment',
      'routing',
      'deliberate',
      'dependency-unreachable',
    ],
  },
});
