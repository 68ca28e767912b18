import { randomUUID } from 'node:crypto';
import { type Processor, UnrecoverableError } from 'bullmq';
import { createRedactor, secretsOf } from '../src/diagnosis/redact.js';
import { planDigest } from '../src/model/plan.js';
import type { Outcome, Remediation } from '../src/model/remediation.js';
import { aroundOf, serviceDigest } from '../src/model/service-digest.js';
import type { Service } from '../src/model/service.js';
import { parsePayload, RemediatePayload } from '../src/queue/payloads.js';
import { BEGIN_WITHIN_MS, type ApplyContext } from '../src/remediations/apply-context.js';
import { applyPlan, lookIntoPlan } from '../src/remediations/apply-plan.js';
import { RUN_LIMIT_SECONDS } from '../src/remediations/host-ledger.js';
import { changedSince } from './changed-since.js';
import { holdLease, LEASE_MS } from './hold-lease.js';
import { oneASecond } from './one-a-second.js';
import { post, type RemediateNeeds } from './remediate-needs.js';
import { isRestoreDue, restoreDrained } from './restore-drained.js';
import { verifyRemediation } from './verify-remediation.js';
import { watchRemediation } from './watch-remediation.js';

/** What nobody knows by then nobody will know: every effect has come to its end, and clocks differ by a minute. */
const SETTLED_AFTER_MS = RUN_LIMIT_SECONDS * 1_000 + 60_000;
/** With the pause of the sweeper: after a fault the thread must know within a minute, and the second look may have to tell. */
const LOOK_AGAIN_MS = 5_000;

/**
 * Begins a change once, or finds out what became of one, or whether it helped: what its state asks for. The effect is
 * begun from `requested` and `approved` only, and who begins it takes that state away; all the rest only reads.
 */
export function remediateJob(needs: RemediateNeeds): Processor<unknown, void> {
  const { store, digest, inventory, logger } = needs;
  return async (job, _token, cancelled) => {
    const payload = parsePayload(RemediatePayload, job.data);
    const remediation = await store.remediations.get(payload.remediationId);
    if (remediation === null) throw new UnrecoverableError('there is no such remediation');
    const isOurs = digest.fits(remediation, payload.digest);
    if (!isOurs || planDigest(remediation.plan) !== remediation.planDigest)
      return refuseForged(needs, remediation, isOurs ? 'its plan is not the one' : 'its digest does not fit');
    const service = inventory.services.get(remediation.service);
    const signal = cancelled ?? new AbortController().signal;
    logger.info({ remediation: remediation.id, state: remediation.state }, remediation.plan.label);
    return next(needs, remediation, service, signal);
  };
}

async function next(
  needs: RemediateNeeds,
  remediation: Remediation,
  service: Service | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (isRestoreDue(remediation)) return service && restore(needs, remediation, service, signal);
  switch (remediation.state) {
    case 'requested':
    case 'approved':
      return begin(needs, remediation, service, signal);
    case 'running':
      // Without an outcome another worker is at it, until the sweeper finds that nobody is.
      return remediation.outcome === null ? undefined : takeUp(needs, remediation, service);
    case 'unknown':
      return takeUp(needs, remediation, service);
    case 'verified':
      return service && watchRemediation(needs, remediation, service, signal);
    default:
      return;
  }
}

/** Whoever began it is gone: what is known of it is verified, else it is looked into. By one worker at a time. */
async function takeUp(
  needs: RemediateNeeds,
  remediation: Remediation,
  service: Service | undefined,
): Promise<void> {
  const token = randomUUID();
  if (!(await needs.store.remediations.take(remediation.id, LEASE_MS, token))) return;
  if (remediation.outcome === null) return lookInto(needs, remediation, service, token);
  await verifyRemediation(needs, remediation, remediation.outcome, token);
}

async function restore(
  needs: RemediateNeeds,
  remediation: Remediation,
  service: Service,
  signal: AbortSignal,
): Promise<void> {
  const context = contextOf(needs, remediation, service, signal);
  await restoreDrained(needs, remediation, context.value).finally(context.end);
}

async function refuseForged(
  { store, logger }: RemediateNeeds,
  { id, service }: Remediation,
  because: string,
): Promise<void> {
  logger.error({ remediation: id }, 'a job that nobody with the token of the bot has made: refused');
  const detail = { because };
  await store.audit.append({ event: 'forged-job', service, remediationId: id, actor: 'queue', detail });
}

async function begin(
  needs: RemediateNeeds,
  remediation: Remediation,
  service: Service | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { store } = needs;
  const { id, plan, kind } = remediation;
  const token = randomUUID();
  const rule = service?.remediations[kind];
  const isEdited = service && serviceDigest(service, aroundOf(needs.inventory)) !== plan.serviceDigest;
  if (service === undefined || rule === undefined || isEdited)
    return refuse(needs, id, 'the inventory was edited since the verdict: run again');
  const changed = await changedSince(needs, remediation, service, signal);
  if (changed !== null)
    return refuse(needs, id, `the world is another one by now: ${changed}. Run again to look anew`);
  signal.throwIfAborted();

  const started = await store.remediations.start(id, {
    notAfterMs: BEGIN_WITHIN_MS,
    leaseMs: LEASE_MS,
    token,
  });
  if (started === null) return;
  await post(needs, started.messages);
  const lease = holdLease(store.remediations, { id, token }, signal);
  const context = contextOf(needs, started.remediation, service, lease.signal);
  const applied = await applyPlan(context.value).finally(() => {
    lease.release(); // also when it throws: then the sweeper finds that nobody is at it
    return context.end();
  });
  const outcome = redacted(needs, service, applied);
  if (outcome.effect === 'unknown') {
    const lost = await store.remediations.lose(id, outcome.words);
    if (lost === null) return; // the sweeper was faster
    await post(needs, lost.messages);
    return lookInto(needs, lost.remediation, service, token);
  }
  await post(needs, await store.remediations.applied(id, outcome));
  await verifyRemediation(needs, started.remediation, outcome, token);
}

/**
 * After a crash, or where the answer was lost: the ledger, the unit and the database tell. Nothing is run again. It is
 * in hand until they have told, or until they have nothing more to tell.
 */
async function lookInto(
  needs: RemediateNeeds,
  remediation: Remediation,
  service: Service | undefined,
  token: string,
): Promise<void> {
  const { store } = needs;
  const { id } = remediation;
  if (service === undefined) return conclude(LEFT_THE_INVENTORY);
  const lease = holdLease(store.remediations, { id, token }, new AbortController().signal);
  const context = contextOf(needs, remediation, service, lease.signal);
  const found = await lookIntoPlan(context.value).finally(() => {
    lease.release();
    return context.end();
  });
  const outcome = redacted(needs, service, found);
  if (mayTellLater(remediation, outcome))
    return post(needs, await store.remediations.lookAgain(id, outcome.words, LOOK_AGAIN_MS));
  return conclude(outcome);

  async function conclude(known: Outcome): Promise<void> {
    const reconciled = await store.remediations.reconciled(id, known);
    if (reconciled === null) return;
    await post(needs, reconciled.messages);
    if (known.effect !== 'unknown') await verifyRemediation(needs, reconciled.remediation, known, token);
  }
}

const LEFT_THE_INVENTORY: Outcome = {
  ...{ effect: 'unknown', words: 'its service left the inventory', steps: [], figures: [], howToCheck: null },
};

function mayTellLater({ lostAt }: Remediation, { effect, steps }: Outcome): boolean {
  if (effect !== 'unknown') return false;
  const isSettled = lostAt !== null && Date.now() - Date.parse(lostAt) > SETTLED_AFTER_MS;
  return !isSettled || steps.some(({ pending }) => pending === true);
}

function contextOf(needs: RemediateNeeds, remediation: Remediation, service: Service, signal: AbortSignal) {
  const { connector, network, store, logger, ledgerFolder } = needs;
  const { id, plan, notAfter } = remediation;
  const live = oneASecond<string>(
    async (words) => post(needs, await store.remediations.setProgress(id, words)),
    (error) => logger.warn({ err: error, remediation: id }, 'progress is not shown'),
  );
  const value: ApplyContext = {
    ...{ id, plan, service, connector, network, signal, onProgress: live.report },
    notAfter: new Date(notAfter ?? 0),
    ...(ledgerFolder === undefined ? {} : { ledgerFolder }),
  };
  return { value, end: live.end };
}

async function refuse(needs: RemediateNeeds, id: string, because: string): Promise<void> {
  await post(needs, (await needs.store.remediations.refuse(id, because, 'worker'))?.messages ?? []);
}

/** What a program said may hold a password. */
const redacted = ({ inventory }: RemediateNeeds, service: Service, outcome: Outcome): Outcome =>
  createRedactor([...(inventory.secrets ?? []), ...secretsOf(service)]).deep(outcome) as Outcome;
