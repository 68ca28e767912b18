import type { HttpAnswer } from '../probes/http-answer.js';
import type { UnitJournal } from '../probes/unit-journal.js';
import { defineServiceCheck, type Observed, type Quote } from './define-check.js';
import { isBad, quoteAnswer } from './evidence/answers.js';
import { secondsBetween } from './evidence/time.js';

/**
 * Whole sentences of limiters that stand in an app: Flask-Limiter, Django REST framework, express-rate-limit, Resilience4j,
 * Bucket4j's starter, NestJS. "429" or "too many requests" alone may be what a dependency said to the app.
 */
const LIMITER =
  /\b\d+ per \d+ (?:second|minute|hour|day|month|year)s?\b|Request was throttled\. Expected available in|Too many requests, please try again later|RateLimiter '[^']{1,80}' does not permit further calls|"status": ?429, ?"error": ?"Too Many Requests"|ThrottlerException: Too Many Requests/i;
/** A limiter logs each refusal: one of this moment goes on. Ours. */
const FRESH_SECONDS = 10;

/** The app itself refuses what comes too fast, on purpose, and by the count of whomever it takes for the caller. */
export const appRateLimited = defineServiceCheck({
  id: 'app-rate-limited',
  cause: 'deliberate',
  title: 'The app refuses by a rate limit of its own',
  refutedBy: 'a refusal without the words of a limiter',
  scope: 'service',
  needs: [],
  uses: ['appAnswer', 'publicAnswer', 'unitJournal'],

  evaluate({ appAnswer, publicAnswer, unitJournal }, { now }) {
    const users = publicAnswer.flatMap((from) => from.fact.answers.map((fact) => ({ ...from, fact })));
    const bad = [...appAnswer, ...users].filter(({ fact }) => isBad(fact) && fact.status !== null);
    if (bad.length === 0) return { status: 'passed', summary: 'the app answers well' };
    const saying = bad.filter(({ fact }) => LIMITER.test(fact.body));
    const [first] = saying;
    const logged = unitJournal.flatMap((from) => lineIn(from, now) ?? []);
    if (first === undefined) return { status: 'passed', summary: 'no refusal bears the words of a limiter' };
    return {
      status: 'failed',
      confidence: 'likely',
      summary: `the app refuses by a rate limit of its own: ${wordsIn(first.fact)}`,
      evidence: [quoteAnswer(first, first.fact), ...logged.slice(0, 2)],
    };
  },
});

const SHOWN_CHARS = 120;
const wordsIn = ({ body }: HttpAnswer): string => body.trim().replace(/\s+/g, ' ').slice(0, SHOWN_CHARS);

const lineIn = (from: Observed<UnitJournal>, now: string): Quote | null => {
  const line = from.fact.lines.findLast(
    ({ at, message }) => LIMITER.test(message) && secondsBetween(at, now) <= FRESH_SECONDS,
  );
  return line === undefined ? null : { from, excerpt: line.line };
};
