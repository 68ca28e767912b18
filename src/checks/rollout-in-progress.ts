import type { Confidence } from '../model/cause.js';
import type { Service } from '../model/service.js';
import type { Facts } from '../probes/index.js';
import { defineServiceCheck, type Observed } from './define-check.js';
import { releaseSigns, staggered, stopSigns, toolSigns, type RolloutSign } from './evidence/rollout-signs.js';
import { loadingOf } from './host/loading.js';
import { onPort } from './host/port.js';

export const rolloutInProgress = defineServiceCheck({
  id: 'rollout-in-progress',
  cause: 'deployment',
  title: 'A rollout is in progress',
  refutedBy: 'no deploy tool at work, no unit stopping, no recent restart',
  scope: 'service',
  needs: ['deployActivity'],
  uses: ['unitState', 'unitJournal', 'release', 'listenSockets', 'unitProcesses', 'workerSockets'],

  evaluate(facts, { now, service }) {
    const { deployActivity, unitState, unitJournal, release } = facts;
    const nowMs = Date.parse(now);
    const signs = [
      ...deployActivity.flatMap(toolSigns),
      ...stopSigns(unitState, unitJournal, now),
      ...releaseSigns(release, unitState, silentHosts(facts, service, nowMs), nowMs),
      ...staggered(unitState, unitJournal, nowMs),
    ];
    if (signs.length === 0 && unitState.length === 0 && release.length === 0) {
      // A rollout that ended half a minute ago leaves no tool behind: this alone excludes nothing.
      return { status: 'skipped', reason: 'no deploy tool runs now, and neither unit nor release is known' };
    }
    if (signs.length === 0) {
      return {
        status: 'passed',
        summary: `no deploy tool runs${unitState.length > 0 ? ', no unit is stopping' : ''}`,
      };
    }
    const since = signs.map((sign) => sign.since).sort()[0];
    return {
      status: 'failed',
      confidence: confidenceOf(signs),
      summary: signs.map(({ summary }) => summary).join('; '),
      evidence: signs.map(({ quote }) => quote),
      ...(since === undefined ? {} : { since }),
    };
  },
});

type Seen = { readonly [K in keyof Facts]: readonly Observed<Facts[K]>[] };

/** Nobody listens there, or who listens has not taken a connection yet. */
function silentHosts(
  facts: Pick<Seen, 'unitState' | 'listenSockets' | 'unitProcesses' | 'workerSockets'>,
  service: Service,
  nowMs: number,
): Set<string> {
  const names = facts.listenSockets.flatMap(({ target: { name }, fact: sockets }) => {
    const at = <T>(all: readonly Observed<T>[]): T | undefined =>
      all.find(({ target }) => target.name === name)?.fact;
    const host = {
      unit: at(facts.unitState),
      sockets,
      processes: at(facts.unitProcesses),
      workerSockets: at(facts.workerSockets),
    };
    return onPort(sockets, service).length === 0 || loadingOf(host, service, nowMs) !== null ? [name] : [];
  });
  return new Set(names);
}

/** Any one of these has another explanation; two at once, or two kinds, hardly have. */
function confidenceOf(signs: readonly RolloutSign[]): Confidence {
  const strong = signs.filter((sign) => sign.strong).length;
  const kinds = new Set(signs.map(({ kind }) => kind)).size;
  if (strong === 0) return kinds >= 2 ? 'likely' : 'possible';
  return strong >= 2 || kinds >= 2 ? 'confirmed' : 'likely';
}
