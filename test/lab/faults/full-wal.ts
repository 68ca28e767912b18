import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../lab.js';
import { sql } from './sql.js';

const DATA = '/var/lib/postgresql/15/main';
const WAL = `${DATA}/pg_wal`;
const SLOT = 'standby_berlin';

/**
 * The log of the database (WAL) on a file system of its own, with room for one segment beyond that in which it is. After
 * a clean stop the segment with the last checkpoint is all that it needs; the rest stays below.
 */
function moveWalToSmallDisk(lab: Lab): void {
  lab.host('db-1').sh(`systemctl stop postgresql@15-main
    segment=$(/usr/lib/postgresql/15/bin/pg_controldata ${DATA} | sed -n "s/^Latest checkpoint's REDO WAL file: *//p")
    cp -p ${WAL}/$segment /root/wal.segment
    mount -t tmpfs -o size=40m lab-wal ${WAL}
    chown postgres:postgres ${WAL}; chmod 700 ${WAL}
    install -d -o postgres -g postgres -m 700 ${WAL}/archive_status
    cp -p /root/wal.segment ${WAL}/$segment; rm -f /root/wal.segment
    systemctl start postgresql@15-main`);
}

/** Changes go on being written, and a slot of a standby that is gone keeps every segment, until the server ends for it. */
export async function fillWal(lab: Lab): Promise<void> {
  moveWalToSmallDisk(lab);
  sql(lab, `select pg_create_physical_replication_slot('${SLOT}', true)`);
  const write = "select pg_logical_emit_message(true, 'import', repeat('x', 1000))";
  const psql = 'runuser -u postgres -- psql -qX -c "$1" -c "select pg_switch_wal()" >/dev/null 2>&1 || :';
  const deadline = Date.now() + 40_000;
  while (isUp(lab)) {
    if (Date.now() > deadline) throw new Error('The database still runs.');
    lab.host('db-1').run('sh', '-c', psql, 'sh', write);
    await sleep(300);
  }
}

const isUp = (lab: Lab): boolean =>
  lab.host('db-1').sh('ss -Hltn sport = :5432').trim() !== '' ||
  lab.host('db-1').sh('systemctl is-active postgresql@15-main || :').trim() === 'active';

/** What was written is taken along: the server needs it to come back. */
export function giveWalRoom(lab: Lab): void {
  lab.host('db-1').sh(`rm -f /root/wal.segment
    if grep -q ' ${WAL} tmpfs' /proc/self/mounts; then
      systemctl stop postgresql@15-main || :
      rm -rf /root/wal.moved; cp -a ${WAL} /root/wal.moved
      umount -l ${WAL}
      find ${WAL} -mindepth 1 -delete
      cp -a /root/wal.moved/. ${WAL}/; rm -rf /root/wal.moved
    fi
    systemctl reset-failed postgresql@15-main 2>/dev/null || :
    systemctl start postgresql@15-main`);
  sql(
    lab,
    `select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = '${SLOT}'`,
  );
}
