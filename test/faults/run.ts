import { runCommand } from './run-command.js';
import { brokenPromises, type Change, isTaken, toldAfterMs, watchThreads } from './change.js';
import { clicksLane } from './clicks.js';
import { countersTable, isLate, type Row } from './counters.js';
import { crashLane, wantedKills } from './crash.js';
import { isOverSsh } from './lane-host.js';
import { freezeLane } from './freeze.js';
import { type Lane, openLane } from './lane.js';
import { PHASES } from './moments.js';
import { campaignOfTexts } from './outside-text.js';
import { outageLane } from './outage.js';
import { rebootLane } from './reboot.js';
import { startRebootingHost } from './rebooting-host.js';
import { randomOf } from './random.js';
import { AT_ONCE, untilTold } from './round.js';
import { campaignOfStorm, type StormOptions } from './storm/campaign.js';

export type Options = {
  kills: number;
  lanes: number;
  minutes: number;
  texts: number;
  storm: Omit<StormOptions, 'seed' | 'logs'>;
  seed: number;
  redis: boolean;
  logs?: string;
  /** More than none: on a host of its own that loses its power so often, beside which the product stands. */
  reboots: number;
  only: RegExp;
};
type Judged = {
  changes: (Change & { effects: number; broken: string[] })[];
  audit: string;
  isWhole: boolean;
};

/** Nobody knows is said after 45 s of effect and a minute for clocks; a look every 15 s, and some patience. */
const LAST_WORD_MS = 180_000;

export async function run(options: Options): Promise<number> {
  console.log(`seed ${options.seed}`);
  const texts = options.only.test('outside-text') ? await campaignOfTexts(options.texts, options.seed) : 0;
  const { seed, logs } = options;
  const storm = options.only.test('storm')
    ? await campaignOfStorm({ ...options.storm, seed, ...(logs !== undefined && { logs }) })
    : 0;
  const hasFaults = ['crash', 'clicks', 'freeze', 'outage', 'reboot'].some((name) => options.only.test(name));
  return Math.max(texts, storm, hasFaults ? await campaignOfFaults(options) : 0);
}

async function campaignOfFaults(options: Options): Promise<number> {
  const start = Date.now();
  const wanted = options.only.test('crash') ? wantedKills(options.kills) : new Map<never, number>();
  const isReboot = options.reboots > 0;
  const judged = await Promise.all(
    Array.from({ length: isReboot ? 1 : options.lanes }, (_, index) =>
      runLane(options, index, wanted, start),
    ),
  );
  const all = judged.flatMap(({ changes }) => changes);
  const broken = all.flatMap((change) => change.broken);
  const rows = [...new Set<string>([...PHASES, ...all.map(({ phase }) => String(phase))])].flatMap(
    (fault): Row[] => {
      const changes = all.filter(({ phase }) => String(phase) === fault);
      const untrue = changes.flatMap((change) => change.broken);
      return changes.length === 0
        ? []
        : [{ fault: fault === 'null' ? 'none of its own' : fault, changes, broken: untrue }];
    },
  );
  console.log(`\n${countersTable(rows)}\n`);
  console.log(`of these over SSH:\n${countersTable([{ fault: 'any', ...overSsh(all) }])}\n`);
  for (const { audit } of judged) console.log(`audit: ${audit.trim()}`);
  for (const change of all.filter(isLate)) console.log(`LATE ${lateWords(change)}`);
  for (const line of broken) console.log(`BROKEN ${line}`);
  const missing = [...wanted].filter(([, left]) => left > 0);
  for (const [phase, left] of missing) console.log(`NOT HIT ${phase}: ${left} more were wanted`);
  const isRight = broken.length === 0 && judged.every(({ isWhole }) => isWhole);
  console.log(
    `${all.length} changes, ${broken.length} broken promises, ${((Date.now() - start) / 1_000).toFixed(0)} s`,
  );
  return isRight ? 0 : 1;
}

const lateWords = (change: Change & { moment?: string }): string =>
  `${change.service} (${String(change.phase)}, held at ${change.moment ?? 'no moment'}): told "${String(change.told)}" after ${(toldAfterMs(change) / 1_000).toFixed(1)} s`;

function overSsh(all: Judged['changes']): Omit<Row, 'fault'> {
  const changes = all.filter(({ service }) => isOverSsh(service));
  return { changes, broken: changes.flatMap((change) => change.broken) };
}

async function runLane(
  options: Options,
  index: number,
  wanted: ReturnType<typeof wantedKills>,
  start: number,
): Promise<Judged> {
  const random = randomOf(options.seed + index);
  const services = (options.kills * 2 + options.reboots + 12) * AT_ONCE;
  const { redis, logs } = options;
  const mode = index % 2 === 0 ? 'socket' : 'http';
  const lane = await openLane({
    name: `lane ${index + 1}`,
    redis,
    mode,
    services,
    ...(logs !== undefined && { logs }),
    ...(options.reboots > 0 && { startHost: startRebootingHost }),
  });
  const changes: Change[] = [];
  const unwatch = watchThreads(lane, changes);
  try {
    const isOver = await strikeAll().catch((error: unknown) => {
      console.log(`BROKEN ${lane.name} ended early: ${String(error)}`);
      return false;
    });
    await untilTold(lane, changes, LAST_WORD_MS);
    const judged = await judge(lane, changes);
    return { ...judged, isWhole: judged.isWhole && isOver };
  } finally {
    unwatch();
    await lane.close();
  }

  async function strikeAll(): Promise<boolean> {
    const wants = (name: string): boolean => options.only.test(name);
    const isClicked = !wants('clicks') || index > 0 || (await clicksLane(lane, changes));
    if (options.reboots > 0) {
      await rebootLane(lane, { reboots: options.reboots, changes, random });
      return true;
    }
    if (wants('outage') && index === 0) await outageLane(lane, changes, random);
    if (wants('freeze') && index === options.lanes - 1) await freezeLane(lane, changes, random);
    await crashLane(lane, wanted, changes, random, start + options.minutes * 60_000);
    return isClicked;
  }
}

async function judge(lane: Lane, changes: readonly Change[]): Promise<Judged> {
  const taken: Change[] = [];
  for (const change of changes) if (await isTaken(lane, change)) taken.push(change);
  const left = changes.length - taken.length;
  if (left > 0)
    console.log(`${lane.name}: ${left} presses were refused, with a word to who pressed; not counted`);
  const { status, output } = await runCommand(lane, ['audit', 'verify']);
  return {
    changes: taken.map((change) => ({
      ...change,
      effects: lane.host.effectsOf(change.service),
      broken: brokenPromises(lane, change),
    })),
    audit: `${lane.name}: ${output}`,
    isWhole: status === 0,
  };
}
