import { setTimeout as sleep } from 'node:timers/promises';
import { randomOf } from '../random.js';
import { type CpuMeter, meterCpu } from './cpu-meter.js';
import { leftOf, QUIET_MS, untilDrained } from './drain.js';
import { judgeAlerts, judgeMessages, judgePeople, judgeProcesses, judgeWork, type Verdict } from './judge.js';
import { type Asked, keepAsking } from './people.js';
import { postsOf } from './posts.js';
import { type Sent, sendAlerts } from './sender.js';
import { openStage, type Stage } from './stage.js';
import { type Strike, strikeAtRandom } from './strikes.js';

export type StormOptions = {
  alerts: number;
  bots: number;
  workers: number;
  redis: boolean;
  seed: number;
  logs?: string;
};

/** The whole campaign's ten thousand come within a minute; fewer in the same time, so that as much is killed. */
const STORM_MS = 60_000;
const DRAINED_WITHIN_MS = 240_000;
const SHOWN = 20;

/** Alerts by the thousand while everything that keeps them is killed. Answers the exit status. */
export async function campaignOfStorm(options: StormOptions): Promise<number> {
  const { alerts, bots, workers, redis, seed } = options;
  console.log(
    `storm: ${alerts} alerts in ${STORM_MS / 1_000} s, ${bots} bots, ${workers} workers, queues on ${redis ? 'Redis' : 'PostgreSQL'}, seed ${seed}`,
  );
  const stage = await openStage(options);
  try {
    return tell(await storm(stage, options));
  } finally {
    await stage.close();
  }
}

async function storm(stage: Stage, { alerts, seed }: StormOptions): Promise<Verdict[]> {
  const sent: Sent = { accepted: new Set(), answers: new Map(), byBot: [], refused: [], tookMs: [] };
  const strikes: Strike[] = [];
  const asked: Asked[] = [];
  const cpu = meterCpu(stage);
  const began = Date.now();
  const sending = sendAlerts(
    {
      ...{ count: alerts, withinMs: STORM_MS, addresses: stage.addresses, random: randomOf(seed) },
      services: [...stage.channelOf.keys()],
    },
    sent,
  );
  const struck = strikeAtRandom(stage, { random: randomOf(seed + 1), forMs: STORM_MS }, strikes);
  let isOver = false;
  const asking = keepAsking(stage, () => isOver, asked);
  await Promise.all([sending, struck]);
  const acceptedMs = Date.now() - began;
  const took = cpu.stop();
  isOver = true;
  await asking;
  const isDrained = await untilDrained(stage.database, DRAINED_WITHIN_MS);
  const drainedMs = Date.now() - began;
  const before = postsOf(stage.slack).length;
  await sleep(QUIET_MS);
  return [
    judgeSending(sent, strikes),
    await judgeAlerts(stage, sent),
    await judgeMessages(stage),
    await judgeWork(stage, sent),
    judgeProcesses(stage),
    cpuFigures(took, acceptedMs),
    judgePeople(asked, strikes),
    {
      figures: `all accepted after ${seconds(acceptedMs)}, all told after ${seconds(drainedMs)}, ${postsOf(stage.slack).length - before} messages in the ${seconds(QUIET_MS)} after that`,
      broken: [
        ...(isDrained ? [] : [`${await leftOf(stage.database)} runs and messages are left`]),
        ...(isDrained && postsOf(stage.slack).length > before ? ['something was posted after the end'] : []),
      ],
    },
  ];
}

function judgeSending({ answers, tookMs }: Sent, strikes: readonly Strike[]): Verdict {
  const sorted = tookMs.toSorted((a, b) => a - b);
  const at = (share: number): string => `${sorted[Math.floor((sorted.length - 1) * share)] ?? 0} ms`;
  const kills = new Map<string, number>();
  for (const { what } of strikes) kills.set(what, (kills.get(what) ?? 0) + 1);
  const down = strikes
    .map(({ what, from, until }) => ({ what, ms: (until ?? Date.now()) - from }))
    .toSorted((a, b) => b.ms - a.ms);
  return {
    figures: `answers: ${countsOf(answers)}; until a success: half within ${at(0.5)}, 99 % within ${at(0.99)}; kill -9: ${countsOf(kills)}, the longest down for ${seconds(down[0]?.ms ?? 0)}: ${down[0]?.what ?? 'none'}`,
    broken: [],
  };
}

/** Which part of the time is the product's, and which the campaign's own. */
const cpuFigures = (took: ReturnType<CpuMeter['stop']>, ms: number): Verdict => ({
  figures: `CPU until all were accepted, of ${seconds(ms)}: ${Object.entries(took)
    .map(([name, each]) => `${name} ${each.toFixed(1)} s`)
    .join(', ')}`,
  broken: [],
});

const countsOf = (counts: ReadonlyMap<string, number>): string =>
  [...counts].map(([what, count]) => `${count} x ${what}`).join(', ') || 'none';

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(0)} s`;

function tell(verdicts: readonly Verdict[]): number {
  for (const { figures } of verdicts) console.log(`storm: ${figures}`);
  const broken = verdicts.flatMap((each) => each.broken);
  for (const line of broken.slice(0, SHOWN)) console.log(`BROKEN storm: ${line}`);
  console.log(`storm: ${broken.length} broken promises`);
  return broken.length === 0 ? 0 : 1;
}
