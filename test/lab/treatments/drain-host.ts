import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../../e2e/bench.js';
import { CHANNEL } from '../../e2e/bench.js';
import { openDatabase } from '../../../src/store/database.js';
import { until } from '../../helpers/until.js';
import { askAsUser } from '../client.js';
import { endLoad, startLoad } from '../faults/load.js';
import { checkAgain, setAside, setReady, stopChecking } from '../faults/members.js';
import { startAnew } from '../faults/start-anew.js';
import type { Lab } from '../lab.js';
import { HOSTS } from '../topology.js';
import { askBalancer } from '../wellness.js';
import { invocationsOf, statesOf } from './bystanders.js';
import type { Treatment } from './treatment.js';

const SICK = 'web-2';

/** Somebody has frozen the app on one of three hosts, and the balancer does not notice: a third of the users meets it. */
async function overrunOne(lab: Lab): Promise<void> {
  stopChecking(lab, 'shop');
  lab.host(SICK).run('systemctl', 'kill', '-s', 'STOP', 'shop');
  startLoad(`http://${HOSTS[SICK].address}/`, 40, 200);
  const isSick = (): boolean => [504, 503].includes(askAsUser('http://shop.lab.test/', 5));
  await until('some users meet the sick host', isSick, 45_000);
  await sleep(4_000);
}

function heal(lab: Lab): void {
  endLoad();
  lab.host(SICK).run('systemctl', 'kill', '-s', 'CONT', 'shop');
  startAnew(lab.host(SICK), 'shop');
  setReady(lab, 'shop');
  checkAgain(lab, 'shop');
}

/** What HAProxy calls set aside by somebody: 1 and 8 in `srv_admin_state`. */
const isOut = (lab: Lab): boolean => {
  const rows = askBalancer(lab, 'show servers state shop').split('\n');
  const row = rows.find((line) => line.includes(` ${SICK} `))?.split(' ') ?? [];
  return (Number(row[6]) & 0b1001) !== 0;
};

/** Half an hour is more than a suite has: its end is brought forward, and nobody presses anything. */
async function goesBack(lab: Lab, bench: Bench): Promise<string> {
  if (!isOut(lab)) throw new Error(`${SICK} is not out of its pool`);
  endLoad();
  lab.host(SICK).run('systemctl', 'kill', '-s', 'CONT', 'shop');
  const database = openDatabase(bench.databaseUrl);
  const [row] = await database.query(
    `UPDATE diag503.remediation SET restore_at = clock_timestamp()
     WHERE kind = 'drain-host' AND restore_at IS NOT NULL
     RETURNING round(extract(epoch FROM restore_at - started_at)) AS after`,
  );
  await database.close();
  if (row === undefined) throw new Error('nothing says when it goes back');
  const began = Date.now();
  await until(`${SICK} is in its pool again`, () => !isOut(lab), 90_000);
  const said = (): string | undefined =>
    bench.slack.control
      .messages(CHANNEL)
      .map(({ text, blocks }) => `${text} ${JSON.stringify(blocks)}`)
      .find((words) => words.includes(`${SICK} was put back`));
  await until('the thread says so', () => said() !== undefined, 30_000);
  return `${SICK} went back by itself ${((Date.now() - began) / 1_000).toFixed(0)} s after its deadline, and the thread says so`;
}

export const drainHost: Treatment = {
  remediation: 'drain-host',
  service: 'shop',
  users: [],
  inject: overrunOne,
  heal,
  meanwhile: {
    what: 'somebody takes the two others out',
    change: (lab) => setAside(lab, 'shop', 'maint', ['web-1', 'web-3']),
    told: /another one by now/,
    undo: (lab) => setReady(lab, 'shop'),
  },
  afterwards: goesBack,
  bystanders: (lab) => `${statesOf(lab, 'desk')}\n${invocationsOf(lab, 'shop', 'desk', 'nginx')}`,
};
