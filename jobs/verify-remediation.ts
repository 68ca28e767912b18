import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from '../src/model/incident.js';
import type { Outcome, Remediation } from '../src/model/remediation.js';
import type { Service } from '../src/model/service.js';
import { RECENT_SECONDS } from '../src/diagnosis/others.js';
import { figuresOf } from '../src/remediations/figures.js';
import { holdLease } from './hold-lease.js';
import { post, type RemediateNeeds } from './remediate-needs.js';
import { isAnswering, usersNow } from './users-now.js';

/** What takes effect shows it to our own requests within this; a new look before that would only see the old state. */
const SETTLE_MS = 20_000;
const ASK_EVERY_MS = 1_000;
/** A run's own deadline is at most 60 s, and it may wait for its worker. */
const RUN_WITHIN_MS = 120_000;
const WATCH_MINUTES = 10;

/** Whether it helped: by a new run, told with the figures of before and after. Safe to repeat: it only reads. */
export async function verifyRemediation(
  needs: RemediateNeeds,
  remediation: Remediation,
  outcome: Outcome,
  token: string,
): Promise<void> {
  const { store, inventory, logger } = needs;
  const { id } = remediation;
  if (outcome.effect === 'not-done' || outcome.effect === 'failed')
    return conclude(needs, id, 'failed', outcome);
  const service = inventory.services.get(remediation.service);
  if (service === undefined)
    return leaveOpen(needs, id, outcome, { why: ': its service left the inventory' });
  const lease = holdLease(store.remediations, { id, token }, new AbortController().signal);
  try {
    if (remediation.verifyRunId === null) await untilSettled(needs, service);
    const run = await verifyingRun(needs, remediation);
    const figures = run === null ? [] : await measured(needs, remediation, run);
    const helped = await hasHelped(needs, service, run);
    logger.info({ remediation: id, status: run?.document?.verdict.status, helped }, 'verified by a new run');
    if (helped === null) await leaveOpen(needs, id, { ...outcome, figures }, { runId: run?.id });
    else await conclude(needs, id, ...endOf({ ...outcome, figures }, helped), run?.id);
  } finally {
    lease.release();
  }
}

/** Null: it could not be measured, which says nothing about whether it helped. */
async function hasHelped(needs: RemediateNeeds, service: Service, run: Run | null): Promise<boolean | null> {
  switch (run?.document?.verdict.status) {
    case 'healthy':
      return true;
    case 'cause-found':
      return false;
    case 'inconclusive':
      // No cause, and users may still be turned away: that is measured as well.
      return (await isAnswering(needs, service)) === false ? false : null;
    default:
      return null;
  }
}

/** What was done in part is no cure, whatever the service says now. */
function endOf(outcome: Outcome, helped: boolean): ['verified' | 'ineffective' | 'failed', Outcome] {
  if (outcome.effect === 'done') return [helped ? 'verified' : 'ineffective', outcome];
  const now = helped ? 'the service answers now' : 'the service still has trouble';
  return ['failed', { ...outcome, words: `${outcome.words}; ${now}` }];
}

async function leaveOpen(
  needs: RemediateNeeds,
  id: string,
  outcome: Outcome,
  { why = '', runId }: { why?: string; runId?: string | undefined },
): Promise<void> {
  const words = `${outcome.words}; whether it helped could not be measured${why}`;
  const ended = await needs.store.remediations.unmeasured(id, { ...outcome, words }, runId);
  await post(needs, ended?.messages ?? []);
}

async function conclude(
  needs: RemediateNeeds,
  id: string,
  state: 'verified' | 'ineffective' | 'failed',
  outcome: Outcome,
  verifyRunId?: string,
): Promise<void> {
  const watchMinutes = state === 'verified' ? WATCH_MINUTES : undefined;
  const concluded = await needs.store.remediations.conclude(id, {
    state,
    outcome,
    verifyRunId,
    watchMinutes,
  });
  await post(needs, concluded?.messages ?? []);
}

/** What is looked at too soon still shows those who were turned away before the change, and it would pass for no help. */
async function untilSettled(needs: RemediateNeeds, service: Service): Promise<void> {
  const begin = Date.now();
  for (;;) {
    const { ours, othersFail } = await usersNow(needs, service);
    if (ours === true && !othersFail) return;
    const patienceMs = ours === true ? RECENT_SECONDS * 1_000 : SETTLE_MS;
    if (Date.now() - begin >= patienceMs) return;
    await sleep(ASK_EVERY_MS);
  }
}

/** A run of its own: one that somebody else began may have looked before the effect. */
async function verifyingRun(needs: RemediateNeeds, remediation: Remediation): Promise<Run | null> {
  const { store, queues } = needs;
  const deadline = Date.now() + RUN_WITHIN_MS;
  let runId = remediation.verifyRunId;
  while (runId === null && Date.now() < deadline) {
    const incident = await store.incidents.get(remediation.incidentId);
    const accepted = await store.runs.accept({
      service: remediation.service,
      channel: incident?.channel ?? '',
      origin: { kind: 'verify', user: remediation.requestedBy },
      incidentId: remediation.incidentId,
    });
    if (accepted.kind === 'joined') {
      await sleep(ASK_EVERY_MS);
      continue;
    }
    runId = accepted.run.id;
    await store.remediations.setVerifyRun(remediation.id, runId);
    await queues.enqueueDiagnose(runId);
    await store.runs.confirm(runId);
    await post(needs, [accepted.headline]);
  }
  while (runId !== null && Date.now() < deadline) {
    const run = await store.runs.get(runId);
    if (run === null || run.state === 'failed' || run.state === 'refused') return null;
    if (run.state === 'finished') return run;
    await sleep(250);
  }
  return null;
}

async function measured({ store }: RemediateNeeds, { runId }: Remediation, after: Run) {
  return figuresOf(await store.readings.of(runId), await store.readings.of(after.id));
}
