import { countOf } from '../model/words.js';
import { defineServiceCheck } from './define-check.js';

export const releaseSkew = defineServiceCheck({
  id: 'release-skew',
  cause: 'deployment',
  title: 'Hosts run different releases',
  refutedBy: 'the same release on all hosts',
  scope: 'service',
  needs: ['release'],
  uses: ['healthAnswer', 'appAnswer'],

  evaluate({ release, healthAnswer, appAnswer }) {
    if (release.length < 2) return { status: 'skipped', reason: 'the release of only one host is known' };
    const ids = [...new Set(release.map(({ fact }) => fact.id))];
    const [first] = ids;
    if (ids.length < 2)
      return { status: 'passed', summary: `${countOf(release.length, 'host')} on ${first ?? ''}` };

    // The strongest natural experiment: every host of one release answers badly, every host of the other well.
    const bad = new Set(
      [...healthAnswer, ...appAnswer]
        .filter(({ fact }) => fact.status === null || fact.status >= 500)
        .map(({ target }) => target.name),
    );
    const badIds = new Set(release.filter(({ target }) => bad.has(target.name)).map(({ fact }) => fact.id));
    const goodIds = new Set(release.filter(({ target }) => !bad.has(target.name)).map(({ fact }) => fact.id));
    const split = bad.size > 0 && goodIds.size > 0 && [...badIds].every((id) => !goodIds.has(id));
    const newest = release
      .map(({ fact }) => fact.changedAt)
      .filter((at) => at !== null)
      .sort()
      .at(-1);
    const counts = ids
      .map((id) => `${release.filter(({ fact }) => fact.id === id).length} on ${id}`)
      .join(', ');
    return {
      status: 'failed',
      confidence: split ? 'confirmed' : 'possible',
      summary: split
        ? `only the hosts on ${[...badIds].join(', ')} answer badly (${counts})`
        : `hosts run ${ids.length} different releases: ${counts}`,
      evidence: release.map((observed) => ({ from: observed, excerpt: observed.fact.lines.join('\n') })),
      ...(newest === undefined ? {} : { since: newest }),
      ...(split ? { remediations: ['roll-back' as const] } : {}),
    };
  },
});
