import { z } from 'zod';
import { quote } from '../define-probe.js';

/** Requests of the pool that came in within the same ten seconds. */
const Span = z.object({
  /** From its begin to the reading of the log. */
  ageSeconds: z.number(),
  served: z.int(),
  /** Answered 502, 503 or 504. */
  unavailable: z.int(),
});

/** How many callers there were in the last twenty seconds: what refused others before that is over. Which ones is not needed. */
const Clients = z.object({
  /** Different addresses that got 502, 503 or 504, and were not served so often since that it is over for them. */
  refused: z.int(),
  /** Requests of these that got it. Null in what was read before anybody counted them. */
  unavailable: z.int().nullable().default(null),
  /** Requests of these that were served. */
  servedToRefused: z.int(),
  /** Different addresses that were served and not refused, or not any more. */
  served: z.int(),
});

export const Spans = z.object({
  /** Newest first. */
  spans: z.array(Span).default([]),
  /** Requests of the pool that were served after the last that got 502, 503 or 504; all of them where none did. */
  servedSince: z.int().default(0),
  /** Those of them that HAProxy sent again, or to another member, before they were served. */
  retriedSince: z.int().default(0),
  /** Null in what was read before anybody counted them. */
  clients: Clients.nullable().default(null),
});

/** `26/Nov/2026:10:43:1` stands for ten seconds. The status stands behind frontend, member and timers. */
const SPANS = `function seconds(clock, part) { split(clock, part, ":"); return part[1] * 3600 + part[2] * 60 + part[3] }
function is_of_pool() { return index($0, " " ENVIRON["pool"] "/") && match($0, /\\[[0-9][0-9]\\/[A-Z][a-z][a-z]\\/[0-9:]+/) }
is_of_pool() {
  split(substr($0, RSTART), part, " ")
  if (index(part[3], ENVIRON["pool"] "/") != 1) next
  span = substr(part[1], 2, 19)
  client = substr($0, 1, RSTART - 2); sub(/.* /, "", client); sub(/:[0-9]+$/, "", client)
  isNew = (seconds(ENVIRON["clock"]) - seconds(substr(part[1], 14, 8)) + 86410) % 86400 <= 30
  if (part[5] ~ /^50[234]$/) { all[span]; bad[span]++; if (isNew) { refused[client]++; if (ENVIRON["cut"] == "tail") row[client] = 0 } seen = 1; if (ENVIRON["cut"] == "tail") since = again = 0 }
  else if (part[5] ~ /^[1-4]/) { all[span]; good[span]++; if (isNew) { served[client]++; if (ENVIRON["cut"] == "tail" || !(client in refused)) row[client]++ } if (ENVIRON["cut"] == "tail" || !seen) { since++; if (part[10] ~ /\\/\\+?[1-9][0-9]*$/) again++ } }
}
END { for (span in all) print "span " span "0 " good[span] + 0 " " bad[span] + 0; print "since " since + 0 " " again + 0
  for (client in refused) {
    odds = 1; for (n = 0; n < row[client]; n++) odds *= served[client] / (refused[client] + served[client])
    if (odds >= ENVIRON["chance"] + 0) { clients++; unavailable += refused[client]; also += served[client]; delete served[client] }
  }
  for (client in served) others++
  print "clients " clients + 0 " " unavailable + 0 " " also + 0 " " others + 0 }`;

/** Reads HAProxy's lines: the newest first where `$cut` is `head`, last where it is `tail`. POSIX awk, without the powers that a small busybox lacks. */
export const countSpans = (pool: string): string =>
  `clock=$(date +%H:%M:%S) cut=$cut chance=${String(BY_CHANCE)} pool=${quote(pool)} awk ${quote(SPANS)}`;

/** So many served in a row come by chance less often than this, by the share that the same caller got of late. Ours. */
const BY_CHANCE = 0.05;

/** Of each span; its age is that of its begin. */
export const SPAN_SECONDS = 10;

export const spansIn = (
  lines: readonly string[],
  localNow: number,
  timeOf: (logged: string) => number,
): z.input<typeof Spans> => ({
  spans: lines
    .flatMap((line) => {
      const [, begin, served, unavailable] = /^span (\S+) (\d+) (\d+)$/.exec(line) ?? [];
      if (begin === undefined) return [];
      const ageSeconds = (localNow - timeOf(begin)) / 1000;
      // The clock of another zone.
      if (ageSeconds < -SPAN_SECONDS) return [];
      return [{ ageSeconds, served: Number(served), unavailable: Number(unavailable) }];
    })
    .toSorted((a, b) => a.ageSeconds - b.ageSeconds),
  ...sinceIn(lines),
  clients: clientsIn(lines),
});

const sinceIn = (lines: readonly string[]): { servedSince: number; retriedSince: number } => {
  const since = lines.flatMap((line) => /^since (\d+) (\d+)$/.exec(line) ?? []);
  return { servedSince: Number(since[1] ?? 0), retriedSince: Number(since[2] ?? 0) };
};

const clientsIn = (lines: readonly string[]): z.input<typeof Clients> | null => {
  const counts = lines.flatMap((line) => /^clients (\d+) (\d+) (\d+) (\d+)$/.exec(line)?.slice(1) ?? []);
  if (counts.length === 0) return null;
  const [refused = 0, unavailable = 0, servedToRefused = 0, served = 0] = counts.map(Number);
  return { refused, unavailable, servedToRefused, served };
};
