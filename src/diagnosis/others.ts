import { UNAVAILABLE } from '../checks/evidence/answers.js';
import { haproxyWord, type HaproxyWord } from '../checks/evidence/haproxy-states.js';
import { pageOf } from '../checks/evidence/balancer-lines.js';
import type { BalancerLog, BalancerLogLine } from '../probes/balancer-log.js';
import { areOfOneClient, isOneAlone } from './one-client.js';

/** Everybody's requests of the last minute by the balancer's log, where only some of them fail. */
export type Others = {
  /** Answered 502, 503 or 504. */
  readonly unavailable: number;
  readonly asked: number;
  /** What most of the unavailable ones got. */
  readonly status: number;
  /** Where nearly all of them are of one path: `/orders`. */
  readonly path: string | null;
  /** Why, one word for each line that was kept. */
  readonly words: readonly HaproxyWord[];
  /** The last was refused seconds ago, and more were served since than by chance: a burst, or the end. */
  readonly mayBeOver: boolean;
};

/** What is older is of another trouble, or of none. Ours. */
export const RECENT_SECONDS = 60;
/** Fewer in those spans are single clients' bad luck, such as at the restart of one host. Ours. */
const FEW = 10;
/** Enough where all of them were led to one member, and many are. Ours. */
const FEW_OF_ONE = 5;
const SHARE_OF_ONE = 0.1;
/** Fewer of all are noise that nobody is called for. Ours. */
const SHARE = 0.01;
/** In each of so many spans of ten seconds some were served and some were not: what ends or begins has fewer. */
const SPANS = 3;
/** So many served in a row come by chance less often than this: then it is over. */
const BY_CHANCE = 0.05;
/** Of the lines, for a path to be named as the one that fails. Ours. */
const NEARLY_ALL = 0.9;

/** What is known beside HAProxy's log. */
type Beside = {
  /** Members that did not answer our own question well, while others did. */
  readonly sick?: ReadonlySet<string>;
  /** One of our questions to the app itself, past the balancer, was refused just now. */
  readonly isMet?: boolean;
  /** The proxy's log tells of a limit that refuses. */
  readonly isLimited?: boolean;
};

/**
 * Null: nobody fails, or all do, or it is over. `goodOfOurs` is how many answers of our own were good: they count like
 * any other that came after the last bad one.
 */
export const othersOf = (
  log: BalancerLog,
  pool: string,
  goodOfOurs: number,
  { sick = new Set(), isMet = false, isLimited = false }: Beside = {},
): Others | null => {
  const recent = log.spans.filter(({ ageSeconds }) => ageSeconds <= RECENT_SECONDS);
  const unavailable = sumOf(recent.map((span) => span.unavailable));
  const asked = unavailable + sumOf(recent.map(({ served }) => served));
  const lines = log.failed.filter((line) => line.backend === pool && isRecent(line));
  const word = (line: BalancerLogLine): HaproxyWord => haproxyWord(line, pool);
  const [newest] = lines.slice(-1);
  if (newest === undefined || unavailable < SHARE * asked) return null;
  if (!isMet && sick.size === 0 && areOfOneClient(log, lines, { word, isLimited })) return null;
  const going = goingOf(log, recent, lines, { goodOfOurs, sick, isMet });
  if (going === 'over') return null;
  return {
    unavailable,
    asked,
    status: mostOf(lines.map(({ status }) => status)) ?? newest.status,
    path: pathOfNearlyAll(lines),
    words: lines.map(word),
    mayBeOver: going === 'may be over',
  };
};

type Going = 'on' | 'may be over' | 'over';
type Ours = { readonly goodOfOurs: number; readonly sick: ReadonlySet<string>; readonly isMet: boolean };

const goingOf = (
  log: BalancerLog,
  recent: BalancerLog['spans'],
  lines: readonly BalancerLogLine[],
  { goodOfOurs, sick, isMet }: Ours,
): Going =>
  comesAndGoes(recent) ||
  (isMet && beganNow(recent)) ||
  (!isOneAlone(log) && areBesideUs(recent, log.servedSince, goodOfOurs))
    ? 'on'
    : goesOn(recent, lines, {
        ...{ servedSince: log.servedSince + goodOfOurs, sick },
        // A busy balancer's lines reach less far back.
        spans: log.isCut ? Math.min(SPANS, recent.length) : SPANS,
      });

/** A share began to fail before that: who notices one and asks needs longer. Ours. */
const NEWEST_SECONDS = 20;

/** Once may be a connection that broke. Ours. */
const SOME_RETRIED = 2;

/**
 * Members of the share refuse whoever asks them, and so many requests in a row would not all be served if their users
 * were told so: the balancer asks another one (`retry-on`), and its log counts that. False where the log tells too little.
 */
export const areAllServed = ({ spans, servedSince, retriedSince }: BalancerLog, share: number): boolean => {
  const newest = spans.filter(({ ageSeconds }) => ageSeconds <= NEWEST_SECONDS);
  const served = Math.min(servedSince, sumOf(newest.map((span) => span.served)));
  return retriedSince >= SOME_RETRIED && (1 - share) ** served < BY_CHANCE;
};

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

/** Nobody is served for some seconds, everybody for some, and so on: again and again, and lately. */
const comesAndGoes = (recent: BalancerLog['spans']): boolean => {
  const isOut = recent.map(
    ({ served, unavailable }) => unavailable >= OUT_REQUESTS && unavailable > 2 * served,
  );
  const ends = isOut.flatMap((out, place) => (out && isOut[place - 1] !== true ? [place] : []));
  return ends.length >= AGAIN_AND_AGAIN && (recent[ends[0] ?? 0]?.ageSeconds ?? Infinity) <= NEWEST_SECONDS;
};
/** Two may be two troubles, both over. Ours. */
const AGAIN_AND_AGAIN = 3;
/** A single client that tries again and again is not everybody. Ours. */
const OUT_REQUESTS = 5;

/** Too short for `goesOn`, and seen by two witnesses: in both spans of the last seconds some were refused, and so were we. */
const beganNow = (recent: BalancerLog['spans']): boolean => {
  const newest = recent.filter(({ ageSeconds }) => ageSeconds <= NEWEST_SECONDS);
  const bad = sumOf(newest.map(({ unavailable }) => unavailable));
  const asked = bad + sumOf(newest.map(({ served }) => served));
  return (
    newest.length > 1 &&
    newest.every(({ unavailable }) => unavailable > 0) &&
    bad >= FEW_OF_ONE &&
    bad >= SHARE_OF_ONE * asked
  );
};

/**
 * Ours are served for what they are, and hardly anybody else is: some failed after most of ours had been served. What of
 * the served ones was asked by ourselves, at another look, is not known.
 */
const areBesideUs = (recent: BalancerLog['spans'], servedSince: number, goodOfOurs: number): boolean => {
  const newest = recent.filter(({ ageSeconds }) => ageSeconds <= NEWEST_SECONDS);
  const bad = sumOf(newest.map(({ unavailable }) => unavailable));
  return (
    servedSince < goodOfOurs - 1 &&
    newest.length > 1 &&
    newest.every(({ unavailable }) => unavailable > 0) &&
    bad >= FEW &&
    sumOf(newest.map((span) => span.served)) <= bad
  );
};

/** Refusals come in bursts: only so long without any raises the question whether it is over. Ours. */
const QUIET_SECONDS = 5;

const goesOn = (
  recent: BalancerLog['spans'],
  lines: readonly BalancerLogLine[],
  { servedSince, sick, spans }: { servedSince: number; sick: ReadonlySet<string>; spans: number },
): Going => {
  const last = recent.slice(hasNone(recent) ? 1 : 0).slice(0, SPANS);
  const bad = sumOf(last.map(({ unavailable }) => unavailable));
  const share = bad / (bad + sumOf(last.map(({ served }) => served)));
  const oldest = last.at(-1)?.ageSeconds ?? 0;
  const isOfOne = areOfOne(
    lines.filter(({ ageSeconds }) => ageSeconds <= oldest),
    sick,
  );
  const isSteady =
    (bad >= FEW || (isOfOne && share >= SHARE_OF_ONE)) &&
    last.length >= spans &&
    last.every(({ served, unavailable }) => served > 0 && unavailable > 0);
  if (!isSteady) return 'over';
  if ((1 - share) ** servedSince >= BY_CHANCE) return 'on';
  return isQuiet(recent, lines) ? 'over' : 'may be over';
};

const hasNone = ([newest]: BalancerLog['spans']): boolean => newest?.unavailable === 0;

const isQuiet = (recent: BalancerLog['spans'], lines: readonly BalancerLogLine[]): boolean =>
  hasNone(recent) || lines.every(({ ageSeconds }) => ageSeconds > QUIET_SECONDS);

/** Of one of several that did not answer us well, either: else it is one client, or one page. */
const areOfOne = (lines: readonly BalancerLogLine[], sick: ReadonlySet<string>): boolean =>
  lines.length >= FEW_OF_ONE &&
  new Set(lines.map(({ server }) => server)).size === 1 &&
  lines.every(({ server }) => server !== null && sick.has(server));

const isRecent = ({ ageSeconds, status }: BalancerLogLine): boolean =>
  ageSeconds <= RECENT_SECONDS && UNAVAILABLE.has(status);

const pathOfNearlyAll = (lines: readonly BalancerLogLine[]): string | null => {
  const paths = lines.map(({ request }) => pageOf(request));
  const most = mostOf(paths);
  const share = paths.filter((path) => path === most).length / paths.length;
  return most === undefined || share < NEARLY_ALL ? null : most;
};

const mostOf = <T>(values: readonly T[]): T | undefined => {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0];
};
