import type { BalancerLog, BalancerLogLine } from '../../probes/balancer-log.js';
import type { JournalLine } from '../../probes/shell/journal-lines.js';
import type { UnitJournal } from '../../probes/unit-journal.js';
import type { Observed } from '../define-check.js';
import { byManager } from '../host/last-run.js';
import { haproxyWord } from './haproxy-states.js';

/** What an app logs for each of the requests that failed on a host, and for no others. */
export type FailureWords = {
  readonly journal: Observed<UnitJournal>;
  /** Oldest first, one for each failure that was met. */
  readonly lines: readonly JournalLine[];
  /** Failures within what was read of the journal. */
  readonly failures: readonly BalancerLogLine[];
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

/** `server` is the member that stands for the host. Null where no line comes with the failures, and with them alone. */
export function wordsOfFailures(
  log: Observed<BalancerLog>,
  pool: string,
  server: string,
  journal: Observed<UnitJournal>,
): FailureWords | null {
  const [oldest] = journal.fact.lines;
  if (oldest === undefined) return null;
  const begin = Date.parse(oldest.at) + TOLERANCE_MS;
  const failures = log.fact.failed.filter(
    (line) =>
      line.backend === pool &&
      line.server === server &&
      UNAVAILABLE.has(line.status) &&
      haproxyWord(line, pool) === 'passed-on' &&
      line.ageSeconds <= RECENT_SECONDS &&
      spanOf(line, log).from >= begin,
  );
  if (failures.length < MIN_FAILURES) return null;
  const spans = failures.map((line) => spanOf(line, log));
  const [from, to] = [Math.min(...spans.map((span) => span.from)), Math.max(...spans.map((span) => span.to))];
  const groups = groupsOf(
    journal.fact.lines.filter(({ at }) => Date.parse(at) >= from && Date.parse(at) <= to),
  ).flatMap((lines) => {
    const met = meeting(spans, lines);
    const isTheirs = met.length >= SHARE * failures.length && met.length >= SHARE * lines.length;
    return isTheirs ? [met] : [];
  });
  const [best] = groups.toSorted((a, b) => b.length - a.length);
  return best === undefined ? null : { journal, lines: best, failures };
}

type Span = { readonly from: number; readonly to: number };

const spanOf = ({ ageSeconds, timers }: BalancerLogLine, { at }: Observed<unknown>): Span => {
  const end = Date.parse(at) - ageSeconds * 1000;
  return { from: end - Math.max(0, timers.total) - TOLERANCE_MS, to: end + TOLERANCE_MS };
};

/** An entry of an access log says that a request failed, not why; what is set in belongs to the line before. */
const saysNoReason = ({ message }: JournalLine): boolean =>
  /^\s|\b(?:GET|POST|PUT|PATCH|DELETE|HEAD)\b.*\b5\d\d\b|^Traceback /.test(message);

/** The same words, whatever numbers and places in memory stand in them. */
const groupsOf = (lines: readonly JournalLine[]): JournalLine[][] => {
  const groups = new Map<string, JournalLine[]>();
  for (const line of lines) {
    if (byManager(line) || saysNoReason(line)) continue;
    const words = line.message.replace(/0x[\da-f]+|\d+/gi, '#');
    groups.set(words, [...(groups.get(words) ?? []), line]);
  }
  return [...groups.values()];
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
