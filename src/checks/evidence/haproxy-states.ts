import type { BalancerLogLine } from '../../probes/balancer-log.js';

/** Who answered, and why, as HAProxy's log tells it (doc/configuration.txt 8.5, diagnosis 1.4). */
export type HaproxyWord =
  /** No rule chose a backend. */
  | 'no-route'
  /** The pool had nobody to take it. */
  | 'no-server'
  /** A member, or something before it, refused the connection. */
  | 'refused'
  /** A member did not answer the connection. */
  | 'connect-timeout'
  /** All members were at their limit until the request had waited too long. */
  | 'queue-timeout'
  /** The member took the request and did not answer in time. */
  | 'answer-timeout'
  /** The member hung up, or said what is no HTTP. */
  | 'broken-answer'
  /** A rule refuses: `http-request deny`, `tarpit`, or the answer of a member: `http-response deny`. */
  | 'denied'
  /** A rule answers: `http-request return`, a page of HAProxy's own. */
  | 'answered-by-rule'
  /** Somebody behind said it. */
  | 'passed-on'
  | 'other';

export const haproxyWord = (line: BalancerLogLine, pool: string): HaproxyWord => {
  const [who, phase] = line.state;
  switch (who) {
    case 'P':
      return refusedBy(phase, line.status);
    case 'L':
      return 'answered-by-rule';
    case 'S':
      return phase === 'C' ? (line.server === null ? withoutServer(line, pool) : 'refused') : 'broken-answer';
    case 's':
      return TIMEOUTS[phase ?? ''] ?? 'other';
    case '-':
      return line.server === null ? 'answered-by-rule' : 'passed-on';
    default:
      return 'other';
  }
};

/** What is no HTTP gets 502 "in any case" (configuration.txt 8.5), trouble of its own 500; `http-response deny` may say any other. */
const refusedBy = (phase: string | undefined, status: BalancerLogLine['status']): HaproxyWord =>
  phase === 'H' && (status === 502 || status === 500) ? 'broken-answer' : 'denied';

const TIMEOUTS: Readonly<Record<string, HaproxyWord>> = {
  C: 'connect-timeout',
  Q: 'queue-timeout',
  H: 'answer-timeout',
};

/** A `listen` section is frontend and backend under one name; with no rule the request's own time is not taken, either. */
const withoutServer = ({ frontend, backend, timers }: BalancerLogLine, pool: string): HaproxyWord =>
  frontend === backend && backend !== pool && timers.request === -1 ? 'no-route' : 'no-server';

/** Somebody wrote a rule that refuses. */
export const isByRule = (word: HaproxyWord): boolean => word === 'denied' || word === 'answered-by-rule';

/** Words that mean that HAProxy wrote the answer itself. */
export const isSaidByHaproxy = (word: HaproxyWord): boolean => word !== 'passed-on' && word !== 'other';
