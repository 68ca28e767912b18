import type { BalancerLog, BalancerLogLine } from '../../probes/balancer-log.js';
import type { JournalLine } from '../../probes/shell/journal-lines.js';
import type { UnitJournal } from '../../probes/unit-journal.js';
import type { Observed } from '../define-check.js';
import { byManager } from '../host/last-run.js';
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
/** HAProxy's log and the journal are of two clocks, each of them known to a second. */
const TOLERANCE_MS = 1500;
/** With fewer a line stands beside them by chance. Ours. */
const MIN_FAILURES = 3;
/** The worker of a request may be killed before it speaks, and one line may be of a health check. Ours. */
const SHARE = 0.8;

/** Such as a proxy or the app says them of a request that it could not serve. */
const UNAVAILABLE: ReadonlySet<number> = new Set([502, 503, 504]);

/** Of requests that came after `since`. Null where no words come with the failures, and with them alone. */
export function wordsOfFailures(
  log: Observed<BalancerLog>,
  { pool, since, hosts }: { pool: string; since: string; hosts: readonly Served[] },
): FailureWords | null {
  const places = hosts.map((host) => placeOf(log, pool, since, host));
  const failed = places.reduce((sum, { spans }) => sum + spans.length, 0);
  if (failed < MIN_FAILURES) return null;
  const found = [...new Set(places.flatMap(({ groups }) => [...groups.keys()]))].flatMap((key) => {
    const said = places.map(({ journal, spans, groups }) => {
      const lines = groups.get(key) ?? [];
      return { journal, all: lines.length, lines: meeting(spans, lines) };
    });
    const met = said.reduce((sum, { lines }) => sum + lines.length, 0);
    const all = said.reduce((sum, each) => sum + each.all, 0);
    return met >= SHARE * failed && met >= SHARE * all ? [{ met, said }] : [];
  });
  const [best] = found.toSorted((a, b) => b.met - a.met);
  const met = best?.said.filter(({ lines }) => lines.length > 0) ?? [];
  const [first] = met.flatMap(({ lines }) => lines).toSorted((a, b) => a.at.localeCompare(b.at));
  return first === undefined ? null : { words: first.message, met, failed };
}

type Span = { readonly from: number; readonly to: number };

/** When requests failed there, and what the app said meanwhile. */
const placeOf = (log: Observed<BalancerLog>, pool: string, since: string, { server, journal }: Served) => {
  const begin = Math.max(
    Date.parse(since) - TOLERANCE_MS,
    Date.parse(journal.fact.lines[0]?.at ?? log.at) + TOLERANCE_MS,
  );
  const spans = log.fact.failed
    .filter(
      (line) =>
        line.backend === pool &&
        line.server === server &&
        UNAVAILABLE.has(line.status) &&
        haproxyWord(line, pool) === 'passed-on' &&
        line.ageSeconds <= RECENT_SECONDS,
    )
    .map((line) => spanOf(line, log))
    .filter(({ from }) => from >= begin);
  const from = Math.min(...spans.map((span) => span.from));
  const to = Math.max(...spans.map((span) => span.to));
  const said = journal.fact.lines.filter(({ at }) => Date.parse(at) >= from && Date.parse(at) <= to);
  return { journal, spans, groups: groupsOf(said) };
};

const spanOf = ({ ageSeconds, timers }: BalancerLogLine, { at }: Observed<unknown>): Span => {
  const end = Date.parse(at) - ageSeconds * 1000;
  return { from: end - Math.max(0, timers.total) - TOLERANCE_MS, to: end + TOLERANCE_MS };
};

/** An entry of an access log says that a request failed, not why; what is set in belongs to the line before. */
const saysNoReason = ({ message }: JournalLine): boolean =>
  /^\s|\b(?:GET|POST|PUT|PATCH|DELETE|HEAD)\b.*\b5\d\d\b|^Traceback /.test(message);

/** The same words, whatever numbers and places in memory stand in them. */
const groupsOf = (lines: readonly JournalLine[]): ReadonlyMap<string, readonly JournalLine[]> => {
  const groups = new Map<string, JournalLine[]>();
  for (const line of lines) {
    if (byManager(line) || saysNoReason(line)) continue;
    const words = line.message.replace(/0x[\da-f]+|\d+/gi, '#');
    groups.set(words, [...(groups.get(words) ?? []), line]);
  }
  return groups;
};

/** One line for each failure, in their order; what is left over of either met nothing. */
function meeting(spans: readonly Span[], lines: readonly JournalLine[]): JournalLine[] {
  const left = [...lines];
  return spans
    .toSorted((a, b) => a.to - b.to)
    .flatMap(({ from, to }) => {
      const place = left.findIndex(({ at }) => Date.parse(at) >= from && Date.parse(at) <= to);
      return place === -1 ? [] : left.splice(place, 1);
    });
}
