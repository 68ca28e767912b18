import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { watchParents } from '../../../demo/watch-parents.js';
import { openDatabase } from '../../../src/store/database.js';
import { createStore } from '../../../src/store/store.js';
import { CHANNEL, openBench } from '../../e2e/bench.js';
import { environment } from '../diagnose.js';
import { type Ground, type Outcome, runEpisode } from './episode.js';
import { changeLab } from './fault-process.js';
import { startMonitoring } from './monitoring.js';
import { tableOf } from './table.js';

/**
 * `watch.ts kept|thrown-away SCENARIO…`, in the namespace of the worker: Slack, database, bot, worker and monitoring stand
 * beside the hosts of a lab that stays up afterwards, or does not.
 */
const [fate, ...ids] = process.argv.slice(2);
const BOT_PORT = 8503;
const token = randomBytes(32).toString('hex');

let injected: string | null = null;
/** Who breaks it off finds a lab that stays up as it was. */
const heal = async (): Promise<void> => {
  if (injected !== null && fate === 'kept') await (await changeLab('heal', injected)).done;
};
/** Last first; once, whatever ends this. */
const toUndo: (() => Promise<unknown>)[] = [];
let undoing: Promise<void> | null = null;
const undo = (): Promise<void> => (undoing ??= undoAll());
async function undoAll(): Promise<void> {
  for (const each of [heal, ...toUndo.reverse()])
    await each().catch((error: unknown) => console.error(error));
}
const stop = (): void => void undo().then(() => process.exit(130));
process.on('SIGINT', stop).on('SIGTERM', stop);
watchParents(stop);

async function openGround(): Promise<Ground> {
  const opening = openBench({
    inventory: () => readFileSync(path.join(import.meta.dirname, '../services.yaml'), 'utf8'),
    env: {
      ...environment(),
      OPS_CHANNEL: CHANNEL,
      DIAG503_HTTP_PORT: String(BOT_PORT),
      DIAG503_ALERTS_ALERTMANAGER_TOKEN: token,
    },
  });
  toUndo.push(async () => (await opening).close());
  const bench = await opening;
  const monitoring = startMonitoring({ botOrigin: `http://127.0.0.1:${BOT_PORT}`, token });
  toUndo.push(async () => (await monitoring).stop());
  await Promise.all([bench.startListening('start'), monitoring]);
  const database = openDatabase(bench.databaseUrl);
  toUndo.push(() => database.close());
  const { runs } = createStore(database);
  return {
    bench,
    latestRun: (service) => runs.latest(service),
    incidents: async (service) => {
      const sql = 'SELECT count(*) AS n FROM diag503.incident WHERE service = $1';
      return Number((await database.query(sql, [service]))[0]?.['n']);
    },
  };
}

async function watchAll(): Promise<Outcome[]> {
  const ground = await openGround();
  const outcomes: Outcome[] = [];
  for (const id of ids) {
    injected = id;
    const outcome = await runEpisode(ground, id);
    if (undoing !== null) break;
    injected = null;
    outcomes.push(outcome);
    const mark = outcome.wrong.length === 0 ? 'right' : 'WRONG';
    console.log(
      `${mark}    ${id}: ${outcome.headline}${outcome.wrong.map((each) => `\n  ! ${each}`).join('')}`,
    );
  }
  return outcomes;
}

async function main(): Promise<number> {
  try {
    const outcomes = await watchAll();
    if (undoing !== null) return 130;
    const right = outcomes.filter(({ wrong }) => wrong.length === 0).length;
    console.log(`\nseconds after the fault | seconds after the cure\n${tableOf(outcomes)}\n`);
    console.log(
      `${right} of ${ids.length} alerts ended in one thread with the right verdict, and said so when it was over`,
    );
    return right === ids.length ? 0 : 1;
  } finally {
    await undo();
  }
}

// Last, for it uses all of the above.
process.exit(await main());
