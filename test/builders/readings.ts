import { networkOfThisMachine, workerNetwork } from '../../src/clients/worker-network.js';
import type { Check } from '../../src/checks/define-check.js';
import { evaluate, type Evaluation } from '../../src/diagnosis/evaluate.js';
import { ClientError } from '../../src/model/client-error.js';
import type { Finding } from '../../src/model/finding.js';
import type { Reading } from '../../src/model/reading.js';
import type { Service } from '../../src/model/service.js';
import type { Target } from '../../src/model/target.js';
import type { Place, ServiceProbe } from '../../src/probes/define-probe.js';
import { probes, type FactName, type Facts } from '../../src/probes/index.js';

export const NOW = '2026-11-22T10:00:00.000Z';

/** A reading as the collector would have made it. */
export const reading = <N extends FactName>(
  name: N,
  fact: Facts[N],
  target: Target,
  via = 'local',
): Reading => ({
  status: 'read',
  probe: probes[name].id,
  target,
  via,
  source: 'told',
  at: NOW,
  durationMs: 1,
  fact,
});

/** Reads all places of a probe from this machine, as the collector does for the host `local`. */
export const readAll = async (probe: ServiceProbe, service: Service): Promise<Reading[]> =>
  Promise.all(probe.places(service).map((place) => readOne(probe, service, place)));

const readOne = async (probe: ServiceProbe, service: Service, place: Place): Promise<Reading> => {
  const network = place.from === 'worker' ? workerNetwork : networkOfThisMachine('local');
  const signal = AbortSignal.timeout(probe.timeoutMs ?? 4000);
  const base = {
    probe: probe.id,
    target: place.target,
    via: network.name,
    source: probe.source(service, place),
    at: new Date().toISOString(),
    durationMs: 1,
  };
  try {
    const fact: unknown = probe.fact.parse(await probe.read({ service, place, network, signal }));
    return { status: 'read', ...base, fact };
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    return { status: 'unread', ...base, reason: error.code, detail: error.message };
  }
};

/** What one check says about these readings. */
export const outcomeOf = (
  check: Check,
  service: Service,
  readings: readonly Reading[],
  now = NOW,
): Evaluation['outcome'] => {
  const [evaluation] = evaluate({ service, readings, now, checks: [check] });
  if (!evaluation) throw new Error(`${check.id} had nothing to look at`);
  return evaluation.outcome;
};

/** The finding of a check that must have failed. */
export const findingOf = (
  check: Check,
  service: Service,
  readings: readonly Reading[],
  now = NOW,
): Finding => {
  const outcome = outcomeOf(check, service, readings, now);
  if (outcome.status !== 'failed') throw new Error(`${check.id}: ${JSON.stringify(outcome)}`);
  return outcome.finding;
};
