import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from '../src/model/incident.js';
import type { Outcome, Remediation } from '../src/model/remediation.js';
import type { Service } from '../src/model/service.js';
import { collect } from '../src/diagnosis/collect.js';
import { figuresOf } from '../src/remediations/figures.js';
import { healthAnswer } from '../src/probes/health-answer.js';
import { publicAnswer } from '../src/probes/public-answer.js';
import { holdLease } from './hold-lease.js';
import { post, type RemediateNeeds } from './remediate-needs.js';

/** What takes effect shows it within this; a new look before that would only see the old state. */
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
): Promise<void> {
  const { store, inventory, logger } = needs;
  const { id } = remediation;
  if (outcome.effect === 'not-done' || outcome.effect === 'failed')
    return conclude(needs, id, 'failed', outcome);
  const service = inventory.services.get(remediation.service);
  if (service === undefined) return;
  const lease = holdLease(store.remediations, id, new AbortController().signal);
  try {
    if (remediation.verifyRunId === null) await untilAnswering(needs, service);
    const run = await verifyingRun(needs, remediation);
    const figures = run === null ? [] : await measured(needs, remediation, run);
    const status = run?.document?.verdict.status;
    logger.info({ remediation: id, status }, 'verified by a new run');
    const helped = status === 'healthy';
    const words = run === null ? `${outcome.words}; whether it helped could not be measured` : outcome.words;
    await conclude(needs, id, helped ? 'verified' : 'ineffective', { ...outcome, words, figures }, run?.id);
  } finally {
    lease.release();
  }
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

async function untilAnswering(needs: RemediateNeeds, service: Service): Promise<void> {
  const deadline = Date.now() + SETTLE_MS;
  while (Date.now() < deadline && !(await isAnswering(needs, service))) await sleep(ASK_EVERY_MS);
}

/** The users' URL where there is one, else the health check of every host. */
export async function isAnswering(
  { connector, network }: RemediateNeeds,
  service: Service,
): Promise<boolean> {
  const probes = service.url === undefined ? { healthAnswer } : { publicAnswer };
  const signal = AbortSignal.timeout(service.deadlineSeconds * 1_000);
  const { readings } = await collect(service, { connector, network, probes, signal });
  const answers = readings.map((reading) => {
    if (reading.status !== 'read') return [];
    const asked = publicAnswer.fact.safeParse(reading.fact).data?.answers;
    const one = healthAnswer.fact.safeParse(reading.fact).data;
    return asked ?? (one === undefined ? [] : [one]);
  });
  const isGood = ({ status }: { status: number | null }): boolean => status !== null && status < 500;
  return answers.length > 0 && answers.every((each) => each.length > 0 && each.every(isGood));
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
