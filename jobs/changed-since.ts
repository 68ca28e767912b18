import { describe, isBad, isServed } from '../src/checks/evidence/answers.js';
import { collect } from '../src/diagnosis/collect.js';
import type { Reading } from '../src/model/reading.js';
import type { Remediation } from '../src/model/remediation.js';
import type { Service } from '../src/model/service.js';
import { publicAnswer } from '../src/probes/public-answer.js';
import { movedSince } from '../src/remediations/define-remediation.js';
import { remediations } from '../src/remediations/index.js';
import { factOf } from '../src/remediations/world.js';
import type { RemediateNeeds } from './remediate-needs.js';

const READ_MS = 20_000;

/**
 * Why a change must not begin although it was planned; null: the world is as it was. Reads again what the plan rests on,
 * and asks as a user does: whoever presses ten minutes later may not know that the service has recovered by itself.
 */
export async function changedSince(
  { connector, network, inventory, store }: RemediateNeeds,
  { runId, plan, kind }: Pick<Remediation, 'runId' | 'plan' | 'kind'>,
  service: Service,
  signal: AbortSignal,
): Promise<string | null> {
  const change = remediations[kind];
  const rule = service.remediations[kind];
  const run = await store.runs.get(runId);
  if (!run?.document || rule === undefined) return 'its run is no longer known';
  const wasRefused = refusedAll(await store.readings.of(runId));
  const probes = { ...change.reads, ...(wasRefused ? { publicAnswer } : {}) };
  if (Object.keys(probes).length === 0) return null;
  const { readings } = await collect(service, {
    ...{ connector, network, probes, secrets: inventory.secrets ?? [] },
    signal: AbortSignal.any([signal, AbortSignal.timeout(READ_MS)]),
  });
  const { verdict, findings } = run.document;
  return (
    movedSince(change, plan, { service, rule, verdict, findings, readings }) ??
    (wasRefused ? recovered(readings) : null)
  );
}

/** No request of the run was served. One that some were served says nothing about three that are now. */
function refusedAll(readings: readonly Reading[]): boolean {
  const asked = factOf({ readings }, publicAnswer);
  return asked !== null && asked.answers.every(isBad);
}

/** Several answers in time: after a late one the probe does not ask again. */
function recovered(readings: readonly Reading[]): string | null {
  const [first, ...more] = factOf({ readings }, publicAnswer)?.answers ?? [];
  if (first === undefined || more.length === 0 || ![first, ...more].every(isServed)) return null;
  return `users are served again (${describe(first)}, ${String(more.length + 1)} requests in a row)`;
}
