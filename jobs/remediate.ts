import { type Processor, UnrecoverableError } from 'bullmq';
import { collect } from '../src/diagnosis/collect.js';
import { createRedactor, secretsOf } from '../src/diagnosis/redact.js';
import { digestOf } from '../src/model/digest.js';
import type { Outcome, Remediation } from '../src/model/remediation.js';
import type { Service } from '../src/model/service.js';
import { parsePayload, RemediatePayload } from '../src/queue/payloads.js';
import { BEGIN_WITHIN_MS, type ApplyContext } from '../src/remediations/apply-context.js';
import { applyPlan, lookIntoPlan } from '../src/remediations/apply-plan.js';
import { movedSince } from '../src/remediations/define-remediation.js';
import { remediations } from '../src/remediations/index.js';
import { holdLease, LEASE_MS } from './hold-lease.js';
import { oneASecond } from './one-a-second.js';
import { post, type RemediateNeeds } from './remediate-needs.js';
import { verifyRemediation } from './verify-remediation.js';
import { watchRemediation } from './watch-remediation.js';

const READ_MS = 20_000;

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
    if (!digest.fits(remediation, payload.digest)) return refuseForged(needs, remediation);
    const service = inventory.services.get(remediation.service);
    const signal = cancelled ?? new AbortController().signal;
    logger.info({ remediation: remediation.id, state: remediation.state }, remediation.plan.label);
    switch (remediation.state) {
      case 'requested':
      case 'approved':
        return begin(needs, remediation, service, signal);
      case 'running':
        // Without an outcome another worker is at it, until the sweeper finds that nobody is.
        if (remediation.outcome !== null) await verifyRemediation(needs, remediation, remediation.outcome);
        return;
      case 'unknown':
        return remediation.finishedAt === null ? lookInto(needs, remediation, service) : undefined;
      case 'verified':
        return service && watchRemediation(needs, remediation, service, signal);
      default:
        return;
    }
  };
}

async function refuseForged({ store, logger }: RemediateNeeds, { id, service }: Remediation): Promise<void> {
  logger.error({ remediation: id }, 'a job that nobody with the token of the bot has made: refused');
  const detail = { because: 'its digest does not fit' };
  await store.audit.append({ event: 'forged-job', service, remediationId: id, actor: 'queue', detail });
}

async function begin(
  needs: RemediateNeeds,
  { id, plan, kind }: Remediation,
  service: Service | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { store } = needs;
  const rule = service?.remediations[kind];
  if (service === undefined || rule === undefined || digestOf(service) !== plan.serviceDigest)
    return refuse(needs, id, 'the inventory was edited since the verdict: run again');
  const changed = await changedSince(needs, { id, plan, kind }, service, signal);
  if (changed !== null) return refuse(needs, id, `the world is another one by now: ${changed}`);
  signal.throwIfAborted();

  const started = await store.remediations.start(id, { notAfterMs: BEGIN_WITHIN_MS, leaseMs: LEASE_MS });
  if (started === null) return;
  await post(needs, started.messages);
  const lease = holdLease(store.remediations, id, signal);
  const context = contextOf(needs, started.remediation, service, lease.signal);
  const outcome = await applyPlan(context.value).finally(() => {
    lease.release(); // also when it throws: then the sweeper finds that nobody is at it
    return context.end();
  });
  if (outcome.effect === 'unknown') {
    await post(needs, (await store.remediations.lose(id, outcome.words))?.messages ?? []);
    return lookInto(needs, started.remediation, service);
  }
  const kept = redacted(needs, service, outcome);
  await post(needs, await store.remediations.applied(id, kept));
  await verifyRemediation(needs, started.remediation, kept);
}

/** Reads again what the plan rests on. */
async function changedSince(
  { connector, network, inventory, store }: RemediateNeeds,
  { id, plan, kind }: Pick<Remediation, 'id' | 'plan' | 'kind'>,
  service: Service,
  signal: AbortSignal,
): Promise<string | null> {
  const change = remediations[kind];
  const rule = service.remediations[kind];
  const remediation = await store.remediations.get(id);
  const run = remediation && (await store.runs.get(remediation.runId));
  if (!run?.document || rule === undefined) return 'its run is no longer known';
  if (Object.keys(change.reads).length === 0) return null;
  const { readings } = await collect(service, {
    ...{ connector, network, probes: change.reads, secrets: inventory.secrets ?? [] },
    signal: AbortSignal.any([signal, AbortSignal.timeout(READ_MS)]),
  });
  const { verdict, findings } = run.document;
  return movedSince(change, plan, { service, rule, verdict, findings, readings });
}

/** After a crash, or where the answer was lost: the ledger, the unit and the database tell. Nothing is run again. */
async function lookInto(
  needs: RemediateNeeds,
  remediation: Remediation,
  service: Service | undefined,
): Promise<void> {
  const { store } = needs;
  if (service === undefined)
    throw new UnrecoverableError(`${remediation.service} is not in the inventory of this worker`);
  const lease = holdLease(store.remediations, remediation.id, new AbortController().signal);
  const context = contextOf(needs, remediation, service, lease.signal);
  const found = await lookIntoPlan(context.value).finally(() => {
    lease.release();
    return context.end();
  });
  const outcome = redacted(needs, service, found);
  const reconciled = await store.remediations.reconciled(remediation.id, outcome);
  if (reconciled === null) return;
  await post(needs, reconciled.messages);
  if (outcome.effect !== 'unknown') await verifyRemediation(needs, reconciled.remediation, outcome);
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
