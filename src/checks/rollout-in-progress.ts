import type { Confidence } from '../model/cause.js';
import { defineServiceCheck } from './define-check.js';
import { releaseSigns, staggered, stopSigns, toolSigns, type RolloutSign } from './evidence/rollout-signs.js';
import { onPort } from './host/port.js';

export const rolloutInProgress = defineServiceCheck({
  id: 'rollout-in-progress',
  cause: 'deployment',
  title: 'A rollout is in progress',
  refutedBy: 'no deploy tool at work, no unit stopping, no recent restart',
  scope: 'service',
  needs: ['deployActivity'],
  uses: ['unitState', 'unitJournal', 'release', 'listenSockets'],

  evaluate({ deployActivity, unitState, unitJournal, release, listenSockets }, { now, service }) {
    const nowMs = Date.parse(now);
    const silent = new Set(
      listenSockets.filter(({ fact }) => onPort(fact, service).length === 0).map(({ target }) => target.name),
    );
    const signs = [
      ...deployActivity.flatMap(toolSigns),
      ...stopSigns(unitState, now),
      ...releaseSigns(release, unitState, silent, nowMs),
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

/** Any one of these has another explanation; two at once, or two kinds, hardly have. */
function confidenceOf(signs: readonly RolloutSign[]): Confidence {
  const strong = signs.filter((sign) => sign.strong).length;
  const kinds = new Set(signs.map(({ kind }) => kind)).size;
  if (strong === 0) return kinds >= 2 ? 'likely' : 'possible';
  return strong >= 2 || kinds >= 2 ? 'confirmed' : 'likely';
}
