import type { Confidence } from '../model/cause.js';
import { defineServiceCheck } from './define-check.js';
import { allOf, DEPENDENCY_FACTS, quoteDependency, reachWords, type Seen } from './evidence/dependencies.js';
import { redisTrouble } from './evidence/redis-state.js';

/** It speaks, but refuses: LOADING, OOM, READONLY, starting up, 5xx. Silence is the business of dependency-slow. */
export const dependencyFailing = defineServiceCheck({
  id: 'dependency-failing',
  cause: 'dependency',
  title: 'Dependency refuses to serve',
  refutedBy: 'an answer without an error',
  scope: 'dependency',
  needs: [],
  uses: DEPENDENCY_FACTS,

  evaluate(facts, { target }) {
    const all = allOf(facts);
    const answered = all.filter(({ fact: { rung } }) => rung === 'auth' || rung === 'answer');
    if (answered.length === 0) return { status: 'skipped', reason: 'it did not get so far as to answer' };
    if (
      target.name === 'database' &&
      answered.some(({ fact: { failure } }) => failure !== null && wantsSlot(failure))
    )
      return { status: 'skipped', reason: 'it refuses for want of connections: see connections-exhausted' };

    const bad = answered.flatMap((seen) => {
      const trouble = troubleOf(seen);
      return trouble ? [{ seen, trouble }] : [];
    });
    const [first] = bad;
    const own = answered.find(({ fact: { failure } }) => failure !== null && isOurs(failure));
    if (first === undefined && own?.fact.failure)
      return {
        status: 'unknown',
        reason: `our own login was refused (${own.fact.failure.message}), which tells nothing about the app's; ${WAY_OUT}`,
      };
    if (first === undefined) return { status: 'passed', summary: `${target.name} answers as it should` };
    const places = bad.map(({ seen }) => seen);
    return {
      status: 'failed',
      confidence: first.trouble.confidence,
      summary: `${target.name} (${first.seen.fact.address}): ${first.trouble.summary}, seen ${reachWords(places, all)}`,
      evidence: quoteDependency(places),
      ...(first.seen.fact.failure && wantsSlot(first.seen.fact.failure)
        ? { cause: 'database-connections' as const }
        : {}),
    };
  },
});

const NO_SLOT = '53300';
const WAY_OUT = 'the login in its URL in the inventory must be one that may look';

type Failure = NonNullable<Seen['fact']['failure']>;

/** PgBouncer has no SQLSTATE of its own for it. */
const wantsSlot = ({ code, message }: Failure): boolean =>
  code === NO_SLOT || /no more connections allowed|query_wait_timeout/.test(message);

/** Password, permission, name of the database, limit of the role: what is said to our login holds for our login. */
const isOurs = ({ kind, code, message }: Failure): boolean =>
  kind === 'denied' || code === '3D000' || /too many connections for (?:role|database)/.test(message);

type Trouble = { summary: string; confidence: Confidence };

const troubleOf = ({ fact }: Seen): Trouble | null => {
  const { failure, kind, details } = fact;
  if (failure) {
    const trouble = refusal(failure);
    // Who reads the status alone is content with what breaks off.
    const isGood = kind === 'http' && Number(details['status'] ?? 500) < 400;
    return trouble && isGood ? { ...trouble, confidence: 'likely' } : trouble;
  }
  switch (kind) {
    case 'http':
      return httpTrouble(details['statuses']);
    case 'redis':
      return redisTrouble(details);
    case 'postgres':
      return details['inRecovery'] === true
        ? { summary: 'it is a standby and refuses writes', confidence: 'possible' }
        : null;
    case 'tcp':
      return null;
  }
};

const refusal = (failure: Failure): Trouble | null => {
  const { kind } = failure;
  if (kind === 'timeout' || kind === 'reset' || kind === 'certificate') return null;
  return isOurs(failure) ? null : { summary: failure.message, confidence: 'confirmed' };
};

/** Two of three, or all that were asked. 429 is its rate limit. */
const httpTrouble = (statuses: unknown): Trouble | null => {
  if (!Array.isArray(statuses)) return null;
  const codes = statuses.map(Number);
  const refused = codes.filter((code) => code >= 500 || code === 429);
  if (refused.length * 2 <= codes.length) return null;
  const summary = `${String(refused.length)} of ${String(codes.length)} requests got ${[...new Set(refused)].join(' and ')}`;
  return { summary, confidence: refused.length > 1 ? 'confirmed' : 'likely' };
};
