import type { BalancerLog, BalancerLogLine } from '../../probes/balancer-log.js';
import type { JournalLine } from '../../probes/shell/journal-lines.js';
import type { UnitJournal } from '../../probes/unit-journal.js';
import type { Observed } from '../define-check.js';
import { byManager } from '../host/last-run.js';
import { UNAVAILABLE } from './answers.js';
import { withoutNumbers } from './complaints.js';
import { haproxyWord } from './haproxy-states.js';

/** A host, as the balancer calls it, and what its app logs. */
export type Served = { readonly server: string; readonly journal: Observed<UnitJournal> };

/** What the app logs for each of the requests that failed, and for no others. */
export type FailureWords = {
  /** The first of them. */
  readonly words: string;
  /** By host, oldest first: one line for each failure that was met. */
  readonly met: readonly {
    readonly journal: Observed<UnitJournal>;
    readonly lines: readonly JournalLine[];
  }[];
  /** Failures of the time that was read of the hosts' journals. */
  readonly failed: number;
};

/** What failed longer ago may have failed of something else. Ours. */
const RECENT_SECONDS = 60;
/**
 * An app logs what it fails of as it answers. HAProxy's log and the journal are of two clocks, each of them known to a
 * second, and a log is read for as long as that takes: by so much the two may differ, on one host always by as much.
 */
const OFFSETS_MS = { from: -3000, to: 1500 };
/**
 * Between the line of the app and the end of the answer, busy machines included; and what ended while the log was read has
 * the age of none. Ours.
 */
const JITTER_MS = 600;
/** With fewer a line stands beside them by chance. Ours. */
const MIN_FAILURES = 3;
/** The worker of a request may be killed before it speaks, and one line may be of a health check. Ours. */
const SHARE = 0.8;
/** Where failures follow one another so closely, any line is near one of them: it must speak of an error. Ours. */
const DENSE = 0.5;
const OF_ERROR =
  /error|errno|exception|fail|cannot|can't|could not|unable|invalid|missing|undefined|unknown|unexpected|not found|reject|denied|refus/i;

/** An answer of the app, or of the proxy before it on its host, that says so. */
export const isPassedOn = (line: BalancerLogLine, pool: string): boolean =>
  line.backend === pool && UNAVAILABLE.has(line.status) && haproxyWord(line, pool) === 'passed-on';

/** Of requests that came after `since`: all words that come with the failures, and with them alone; most telling first. */
export function wordsOfFailures(
  log: Observed<BalancerLog>,
  { pool, since, hosts }: { pool: string; since: string; hosts: readonly Served[] },
): FailureWords[] {
  const status = usualStatus(log, pool, since);
  const places = hosts.map((host) => placeOf(log, { pool, since, status }, host));
  const failed = places.reduce((sum, { ends }) => sum + ends.length, 0);
  if (failed < MIN_FAILURES) return [];
  const isDense = places.some(({ ends }) => densityOf(ends) > DENSE);
  const keys = [...new Set(places.flatMap(({ groups }) => [...groups.keys()]))];
  return keys
    .filter((key) => !isDense || OF_ERROR.test(key))
    .flatMap((key) => {
      const said = places.map(({ journal, ends, groups }) => {
        const lines = groups.get(key) ?? [];
        return { journal, all: lines.length, lines: meeting(ends, lines) };
      });
      const count = said.reduce((sum, { lines }) => sum + lines.length, 0);
      const all = said.reduce((sum, each) => sum + each.all, 0);
      if (count < SHARE * failed || count < SHARE * all) return [];
      const met = said.filter(({ lines }) => lines.length > 0);
      const [first] = met.flatMap(({ lines }) => lines).toSorted((a, b) => a.at.localeCompare(b.at));
      return first === undefined ? [] : [{ words: first.message, met, failed }];
    })
    .toSorted((a, b) => Number(OF_ERROR.test(b.words)) - Number(OF_ERROR.test(a.words)));
}

/** While it is restarted for the release a proxy says another one for it. */
const usualStatus = (log: Observed<BalancerLog>, pool: string, since: string): number | undefined => {
  const age = (Date.parse(log.at) - Date.parse(since)) / 1000;
  const all = log.fact.failed.filter((line) => isPassedOn(line, pool) && line.ageSeconds <= age);
  const countOf = (status: number): number => all.filter((line) => line.status === status).length;
  return [...UNAVAILABLE].toSorted((a, b) => countOf(b) - countOf(a))[0];
};

/** When requests failed there, and what the app said meanwhile. */
const placeOf = (
  log: Observed<BalancerLog>,
  { pool, since, status }: { pool: string; since: string; status: number | undefined },
  { server, journal }: Served,
) => {
  const begin = Math.max(Date.parse(since), Date.parse(journal.fact.lines[0]?.at ?? log.at));
  const ends = log.fact.failed
    .filter((line) => isPassedOn(line, pool) && line.server === server && line.status === status)
    .filter(({ ageSeconds }) => ageSeconds <= RECENT_SECONDS)
    .map(({ ageSeconds }) => Date.parse(log.at) - ageSeconds * 1000)
    .filter((end) => end >= begin)
    .toSorted((a, b) => a - b);
  const [first, last] = [ends[0] ?? Infinity, ends.at(-1) ?? -Infinity];
  const said = journal.fact.lines.filter(({ at }) => {
    const time = Date.parse(at);
    return time >= first + OFFSETS_MS.from && time <= last + OFFSETS_MS.to;
  });
  return { journal, ends, groups: groupsOf(said) };
};

/** Which part of the time between the first and the last failure is near one of them. */
const densityOf = (ends: readonly number[]): number => {
  const [first, last] = [ends[0], ends.at(-1)];
  return first === undefined || last === undefined || ends.length < MIN_FAILURES
    ? 0
    : (ends.length * 2 * JITTER_MS) / (last - first + 2 * JITTER_MS);
};

/** An entry of an access log says that a request failed, not why; what is set in belongs to the line before. */
const saysNoReason = ({ message }: JournalLine): boolean =>
  /^\s|\b(?:GET|POST|PUT|PATCH|DELETE|HEAD)\b.*\b5\d\d\b|\bstatus"?[=:] ?"?5\d\d\b|\bCompleted 5\d\d\b|^Traceback /.test(
    message,
  );

/** The same words, whatever numbers and ids stand in them. */
const groupsOf = (lines: readonly JournalLine[]): ReadonlyMap<string, readonly JournalLine[]> => {
  const groups = new Map<string, JournalLine[]>();
  for (const line of lines) {
    if (byManager(line) || saysNoReason(line)) continue;
    const words = withoutNumbers(line.message);
    groups.set(words, [...(groups.get(words) ?? []), line]);
  }
  return groups;
};

/** Pairs of the first few tell how far the clocks may be apart. */
const TRIED = 10;

/** One line for each failure, by the offset of the clocks under which most of them meet. */
function meeting(ends: readonly number[], lines: readonly JournalLine[]): readonly JournalLine[] {
  const offsets = ends
    .slice(0, TRIED)
    .flatMap((end) => lines.map(({ at }) => Date.parse(at) - end))
    .filter((offset) => offset >= OFFSETS_MS.from && offset <= OFFSETS_MS.to);
  return offsets
    .map((offset) => metBy(ends, lines, offset))
    .reduce((best, met) => (met.length > best.length ? met : best), []);
}

/** Both in the order of time; what is left over of either met nothing. */
function metBy(
  ends: readonly number[],
  lines: readonly JournalLine[],
  offset: number,
): readonly JournalLine[] {
  const met: JournalLine[] = [];
  let place = 0;
  for (const line of lines) {
    const time = Date.parse(line.at) - offset;
    while (place < ends.length && (ends[place] ?? 0) < time - JITTER_MS) place += 1;
    if (Math.abs((ends[place] ?? Infinity) - time) > JITTER_MS) continue;
    met.push(line);
    place += 1;
  }
  return met;
}
