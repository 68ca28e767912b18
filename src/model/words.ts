import type { Cause, Confidence, Hop } from './cause.js';
import type { Judgement, VerdictStatus } from './verdict.js';

/** The words that Slack and the command line share: one concept reads the same on both. */
export const CAUSE_TITLES: Record<Cause, string> = {
  overload: 'Service overloaded',
  'not-started': 'Service not running',
  'health-check': 'Health check failing',
  deployment: 'Deployment in progress',
  'database-connections': 'Database connections exhausted',
  dependency: 'Dependency failing',
  deliberate: 'Refused on purpose',
  routing: 'Routing broken',
};

/** How a cause reads among others in a list: "Ruled out: overload, deployment". */
export const CAUSE_NAMES: Record<Cause, string> = {
  overload: 'overload',
  'not-started': 'not started',
  'health-check': 'health check',
  deployment: 'deployment',
  'database-connections': 'database connections',
  dependency: 'dependency',
  deliberate: 'deliberate refusal',
  routing: 'routing',
};

export const CONFIDENCE_WORDS: Record<Confidence, string> = {
  confirmed: 'confirmed',
  likely: 'likely',
  possible: 'possible',
};

export const HOP_PHRASES: Record<Hop, string> = {
  edge: 'said by the edge in front of the balancer',
  balancer: 'said by the balancer',
  proxy: 'said by the proxy',
  app: 'said by the app',
};

export const STATUS_TITLES: Record<VerdictStatus, string> = {
  'cause-found': 'Cause found',
  healthy: 'Healthy: it does not answer 503 now',
  inconclusive: 'No cause found',
  unreachable: 'Could not look: no host was reached',
};

type ChecklistAnswer = Judgement['checklist'][number]['answer'];

export const ANSWER_WORDS: Record<ChecklistAnswer, string> = {
  yes: 'yes',
  no: 'no',
  unknown: 'unknown',
  'not-configured': 'not configured',
};

/** In the last line of the runbook ("deployment just rolled out?") `yes` is the answer that worries. */
const WORRYING_YES_INDEX = 5;

export type ChecklistMark = 'good' | 'bad' | 'unknown' | 'not-configured';

/** Whether an answer at this place (0..5) of the six is good news. */
export const checklistMark = (index: number, answer: ChecklistAnswer): ChecklistMark => {
  if (answer === 'unknown' || answer === 'not-configured') return answer;
  const good = index === WORRYING_YES_INDEX ? 'no' : 'yes';
  return answer === good ? 'good' : 'bad';
};

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** "640 ms", "2.1 s", "12 min", "3 h": number first, unit always. */
export const durationWords = (ms: number): string => {
  if (ms < SECOND_MS) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < MINUTE_MS) return `${(ms / SECOND_MS).toFixed(1)} s`;
  if (ms < HOUR_MS) return `${Math.round(ms / MINUTE_MS)} min`;
  return `${Math.round(ms / HOUR_MS)} h`;
};

/** "1 host", "3 hosts". */
export const countOf = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** "712 ms", "3 looks, 8.4 s": how long a run took, and why so long where trouble came and went. */
export const tookWords = ({
  looks = 1,
  durationMs,
}: {
  looks?: number | undefined;
  durationMs: number;
}): string => [...(looks === 1 ? [] : [countOf(looks, 'look')]), durationWords(durationMs)].join(', ');

/** The bad status that users get: the chain ends with `answers-503`. Null where nothing was asked or nothing answered. */
export const answeredStatus = ({ verdict }: Pick<Judgement, 'verdict'>): number | null => {
  const status = /^answers-([1-5]\d\d)$/.exec(verdict.chain.at(-1)?.check ?? '')?.[1];
  return status === undefined ? null : Number(status);
};
