import type { BalancerLog, BalancerLogLine } from '../../probes/balancer-log.js';
import type { HttpAnswer } from '../../probes/http-answer.js';
import type { Observed, Quote } from '../define-check.js';
import { isBad } from './answers.js';
import { haproxyWord, type HaproxyWord } from './haproxy-states.js';

/** What is older did not make the answers of now. */
const RECENT_SECONDS = 120;
const QUOTED_LINES = 3;

export type BalancerHit = BalancerLogLine & {
  readonly from: Observed<BalancerLog>;
  readonly word: HaproxyWord;
  /** It is the very request of `public-answer`, in the log. */
  readonly isOurs: boolean;
};

/** HAProxy had no member for it that took it: its 503 says nothing else. */
export const foundNobody = (word: HaproxyWord): boolean => WITHOUT_MEMBER.has(word);
const WITHOUT_MEMBER: ReadonlySet<HaproxyWord> = new Set([
  'no-route',
  'no-server',
  'refused',
  'connect-timeout',
  'queue-timeout',
]);

type PublicAnswers = readonly Observed<{ answers: readonly HttpAnswer[] }>[];

/** Recent failed requests that went to the pool, or to no backend at all. */
export const balancerHits = (
  logs: readonly Observed<BalancerLog>[],
  pool: string,
  asked: PublicAnswers,
): BalancerHit[] =>
  logs.flatMap((from) =>
    from.fact.failed
      .filter(({ ageSeconds, backend, frontend }) => {
        return ageSeconds <= RECENT_SECONDS && (backend === pool || backend === frontend);
      })
      .map((line) => ({
        ...line,
        from,
        word: haproxyWord(line, pool),
        isOurs: asked.some((seen) => isSame(line, from, seen)),
      })),
  );

/** Whether a request like one of ours, at that time, stands in the log, be it ours or somebody else's. */
export const isLogged = (logs: readonly Observed<BalancerLog>[], asked: PublicAnswers): boolean =>
  logs.some((from) => from.fact.failed.some((line) => asked.some((seen) => isSame(line, from, seen))));

/** What was asked just now met something else: those lines may be of a trouble that is over. */
export const oursMetAnother = (all: readonly BalancerHit[], these: readonly BalancerHit[]): boolean =>
  all.some((hit) => hit.isOurs && !these.includes(hit));

/** Between the question's start and its log line: three questions of 5 s at most, and a second of rounding. */
const WINDOW_MS = { before: 1500, after: 7000 };

/** The same path and status within the same seconds. Both times are the worker's: clocks of hosts differ. */
const isSame = (line: BalancerLogLine, from: Observed<unknown>, asked: PublicAnswers[number]): boolean => {
  const sinceAsked = Date.parse(from.at) - line.ageSeconds * 1000 - Date.parse(asked.at);
  if (sinceAsked < -WINDOW_MS.before || sinceAsked > WINDOW_MS.after) return false;
  return asked.fact.answers.some(
    (answer) =>
      isBad(answer) && answer.status === line.status && pathOf(answer.request) === pathOf(line.request),
  );
};

/** Of `GET https://api.example.com/orders?page=2 HTTP/1.1`, which HAProxy logs without the host: `/orders?page=2`. */
export const pathOf = (request: string | null): string => {
  const target = request?.split(' ')[1] ?? '';
  return target.replace(/^\w+:\/\/[^/]*/, '') || '/';
};

/** The same without what is asked of it: `/orders`. */
export const pageOf = (request: string | null): string => pathOf(request).replace(/[?#].*$/, '');

/** `10.0.0.7` of `… 10.0.0.7:41338 [26/Nov/2026:10:43:11.118] …`; null where the line was cut before it. */
export const clientOf = ({ line }: { readonly line: string }): string | null =>
  /(\S+):\d+ \[/.exec(line)?.[1] ?? null;

export const quoteBalancerLines = (hits: readonly BalancerHit[]): Quote[] =>
  [...new Set(hits.map(({ from }) => from))].map((from) => ({
    from,
    excerpt: hits
      .filter((hit) => hit.from === from)
      .slice(-QUOTED_LINES)
      .map(({ line }) => line)
      .join('\n'),
  }));
