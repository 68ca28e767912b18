import type { Check, HostCheck, Observed, Outcome, ServiceCheck } from '../checks/define-check.js';
import { checks as allChecks } from '../checks/index.js';
import type { Cause } from '../model/cause.js';
import type { Evidence, Finding } from '../model/finding.js';
import type { Reading, UnreadReading } from '../model/reading.js';
import type { Service } from '../model/service.js';
import { sameTarget, type Target } from '../model/target.js';
import { observe, type Observations, type ProbeRegistry } from './observe.js';

/** Why a needed fact is not there. */
export type Gap = {
  readonly target: Target;
  readonly via: string | null;
  readonly reason: string;
  /** What was tried, where the reason does not name it: time ran out. */
  readonly source?: string;
};

/** What one check said about one target. `gaps`: places that it could not see. */
export type Evaluation = {
  readonly check: string;
  readonly cause: Cause;
  readonly scope: Check['scope'];
  readonly target: Target;
  readonly gaps: readonly Gap[];
  readonly outcome:
    | { readonly status: 'passed'; readonly summary: string }
    | { readonly status: 'skipped'; readonly reason: string }
    | { readonly status: 'unknown' }
    | { readonly status: 'failed'; readonly finding: Finding };
};

type World = { service: Service; now: string; seen: Observations };
type Input = {
  service: Service;
  readings: readonly Reading[];
  now: string;
  checks?: readonly Check[];
  probes?: ProbeRegistry;
};

/** Runs every check wherever it applies. One check that throws becomes unknown and spoils no other. */
export const evaluate = ({ service, readings, now, checks = allChecks, probes }: Input): Evaluation[] => {
  const world: World = { service, now, seen: observe(readings, probes) };
  return checks.flatMap((check) => targetsOf(check, world).map((target) => evaluateAt(check, target, world)));
};

const targetsOf = (check: Check, { service, seen }: World): Target[] => {
  if (check.scope === 'host') return service.hosts.map((name) => ({ kind: 'host', name }));
  if (check.scope === 'service') return [{ kind: 'service', name: service.name }];
  const all = namesOf(check).flatMap((name) => [...seen.read(name), ...seen.unread(name)]);
  const names = new Set(all.flatMap(({ target }) => (target.kind === 'dependency' ? [target.name] : [])));
  return [...names].toSorted().map((name) => ({ kind: 'dependency', name }));
};

const namesOf = (check: Check): string[] => [...check.needs, ...(check.uses ?? [])];

const evaluateAt = (check: Check, target: Target, world: World): Evaluation => {
  const missing = missingAt(check, target, world);
  const base = { check: check.id, cause: check.cause, scope: check.scope, target, gaps: missing.gaps };
  if (missing.status === 'not-configured') {
    return { ...base, outcome: { status: 'skipped', reason: 'not configured' } };
  }
  if (missing.status === 'unknown') return { ...base, outcome: { status: 'unknown' } };
  try {
    const outcome = run(check, target, world);
    if (outcome.status === 'unknown') {
      const gap = { target, via: null, reason: outcome.reason };
      return { ...base, gaps: [...missing.gaps, gap], outcome: { status: 'unknown' } };
    }
    return { ...base, outcome: outcome.status === 'failed' ? asFailed(check, target, outcome) : outcome };
  } catch (error) {
    const reason = `${check.id} could not judge: ${error instanceof Error ? error.message : String(error)}`;
    return {
      ...base,
      gaps: [...missing.gaps, { target, via: null, reason }],
      outcome: { status: 'unknown' },
    };
  }
};

type Missing = { status: 'enough' | 'unknown' | 'not-configured'; gaps: Gap[] };

/** A check with nothing but `uses` judges whatever there is of them: it needs at least one. */
const missingAt = (check: Check, target: Target, { seen }: World): Missing => {
  const at = <T extends { target: Target }>(all: readonly T[]): T[] => all.filter(within(check, target));
  const names: string[] = check.needs.length > 0 ? [...check.needs] : namesOf(check);
  const places = names.map((name) => ({ read: at(seen.read(name)), unread: at(seen.unread(name)) }));
  const gaps = places.flatMap(({ unread }) => unread.map(gapOf));
  const configured = places.filter(({ read, unread }) => read.length + unread.length > 0);
  const readable = configured.filter(({ read }) => read.length > 0);
  const anyOf = check.needs.length === 0;
  if (configured.length === 0 || (!anyOf && configured.length < names.length)) {
    return { status: 'not-configured', gaps: [] };
  }
  const enough = anyOf ? readable.length > 0 : readable.length === names.length;
  return { status: enough ? 'enough' : 'unknown', gaps };
};

/** A host's check sees that host's facts, a dependency's check that dependency's, a service's check all. */
const within =
  (check: Check, target: Target) =>
  (item: { target: Target }): boolean =>
    check.scope === 'service' || sameTarget(item.target, target);

const gapOf = ({ target, via, reason, detail, source }: UnreadReading): Gap => ({
  target,
  via,
  reason: detail === '' ? reason : detail,
  ...(reason === 'timeout' || reason === 'cancelled' ? { source } : {}),
});

const run = (check: Check, target: Target, world: World): Outcome =>
  check.scope === 'host' ? runOnHost(check, target, world) : runOnService(check, target, world);

/** The registry erases the names of facts; `missingAt` has made sure that the needed ones are there. */
const runOnHost = (check: HostCheck, target: Target, { service, now, seen }: World): Outcome => {
  const entries = namesOf(check).flatMap((name) => {
    const observed = seen.read(name).find((item) => sameTarget(item.target, target));
    return observed === undefined ? [] : [[name, observed] as const];
  });
  const facts = Object.fromEntries(entries) as unknown as Parameters<HostCheck['evaluate']>[0];
  return check.evaluate(facts, { service, host: target.name, now });
};

const runOnService = (check: ServiceCheck, target: Target, { service, now, seen }: World): Outcome => {
  const entries = namesOf(check).map(
    (name) => [name, seen.read(name).filter(within(check, target))] as const,
  );
  const facts = Object.fromEntries(entries) as unknown as Parameters<ServiceCheck['evaluate']>[0];
  return check.evaluate(facts, { service, target, now });
};

const asFailed = (
  check: Check,
  target: Target,
  {
    confidence,
    summary,
    evidence,
    since,
    cause,
    workers,
    byLatency,
    remediations,
  }: Extract<Outcome, { status: 'failed' }>,
): Evaluation['outcome'] => ({
  status: 'failed',
  finding: {
    check: check.id,
    cause: cause ?? check.cause,
    target,
    confidence,
    summary,
    ...(since === undefined ? {} : { since }),
    evidence: evidence.map(({ from, excerpt }) => evidenceOf(from, excerpt)),
    ...(workers === undefined ? {} : { workers }),
    ...(byLatency === undefined ? {} : { byLatency }),
    remediations: [...(remediations ?? [])],
  },
});

const evidenceOf = ({ source, via, at }: Observed<unknown>, excerpt: string): Evidence => ({
  source,
  host: via === 'worker' ? null : via,
  at,
  excerpt,
});

export const findingsOf = (evaluations: readonly Evaluation[]): Finding[] =>
  evaluations.flatMap(({ outcome }) => (outcome.status === 'failed' ? [outcome.finding] : []));
