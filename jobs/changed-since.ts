import { describe, isBad, isServed } from '../src/checks/evidence/answers.js';
import { collect } from '../src/diagnosis/collect.js';
import type { Reading } from '../src/model/reading.js';
import type { Remediation } from '../src/model/remediation.js';
import type { Service } from '../src/model/service.js';
import type { HttpAnswer } from '../src/probes/http-answer.js';
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
  const needs = {
    ...{ connector, network, secrets: inventory.secrets ?? [] },
    signal: AbortSignal.any([signal, AbortSignal.timeout(READ_MS)]),
  };
  const { readings } = await collect(service, { ...needs, probes });
  const { verdict, findings } = run.document;
  const moved = movedSince(change, plan, { service, rule, verdict, findings, readings });
  if (moved !== null || !wasRefused) return moved;
  // Its hosts have no part in it: a dead one would only take the time.
  const ask = async () =>
    (await collect({ ...service, hosts: [] }, { ...needs, probes: { publicAnswer } })).readings;
  return recovered(readings, ask, enoughFor(service.hosts.length));
}

/** No request of the run was served. One that some were served says nothing about three that are now. */
function refusedAll(readings: readonly Reading[]): boolean {
  const asked = factOf({ readings }, publicAnswer);
  return asked !== null && asked.answers.every(isBad);
}

/** As the diagnosis has it: what comes by chance less often than this is no chance. Ours. */
const BY_CHANCE = 0.05;
/** With many hosts this takes several seconds, which is as long as somebody who pressed should wait. */
const MOST = 30;

/** So many served in a row that one sick host among all would have been met. */
const enoughFor = (hosts: number): number =>
  hosts <= 1 ? 1 : Math.min(MOST, Math.ceil(Math.log(BY_CHANCE) / Math.log(1 - 1 / hosts)));

/** Several answers in time, and none that was not: after a late one the probe does not ask again. */
async function recovered(
  first: readonly Reading[],
  ask: () => Promise<readonly Reading[]>,
  enough: number,
): Promise<string | null> {
  const served: HttpAnswer[] = [];
  for (let readings = first; served.length < enough; readings = await ask()) {
    const answers = factOf({ readings }, publicAnswer)?.answers ?? [];
    if (answers.length <= 1 || !answers.every(isServed)) return null;
    served.push(...answers);
  }
  const [one] = served;
  if (one === undefined) return null;
  return `users are served again (${describe(one)}, ${String(served.length)} requests in a row)`;
}
