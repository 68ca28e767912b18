import { countOf } from '../model/words.js';
import { defineServiceCheck } from './define-check.js';
import { quoteAnswer } from './evidence/answers.js';
import { hostOf } from './evidence/members.js';

export const releaseSkew = defineServiceCheck({
  id: 'release-skew',
  cause: 'deployment',
  title: 'Hosts run different releases',
  refutedBy: 'the same release on all hosts',
  scope: 'service',
  needs: ['release'],
  uses: ['healthAnswer', 'appAnswer', 'memberAnswer'],

  evaluate({ release, healthAnswer, appAnswer, memberAnswer }, { service }) {
    if (release.length < 2) return { status: 'skipped', reason: 'the release of only one host is known' };
    const ids = [...new Set(release.map(({ fact }) => fact.id))];
    const [first] = ids;
    if (ids.length < 2)
      return { status: 'passed', summary: `${countOf(release.length, 'host')} on ${first ?? ''}` };

    // The strongest natural experiment: every host of one release answers badly, every host of the other well.
    const badApps = [...healthAnswer, ...appAnswer].filter(({ fact }) => isBad(fact));
    const appHosts = badApps.map(({ target }) => target.name);
    const badMembers = memberAnswer.flatMap((from) =>
      from.fact.members
        // One that is not reached tells nothing of its release.
        .filter(({ answer }) => answer.status !== null && isBad(answer))
        .map((member) => ({ from, answer: member.answer, host: hostOf(member, service.hosts) })),
    );
    const bad = new Set([...appHosts, ...badMembers.flatMap(({ host }) => host ?? [])]);
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
      // What stands before the app may be set up otherwise on just these hosts, and mean it.
      confidence: !split ? 'possible' : appHosts.length > 0 ? 'confirmed' : 'likely',
      summary: split
        ? `only the hosts on ${[...badIds].join(', ')} answer badly (${counts})`
        : `hosts run ${ids.length} different releases: ${counts}`,
      evidence: [
        ...release.map((observed) => ({ from: observed, excerpt: observed.fact.lines.join('\n') })),
        ...(split ? badMembers.slice(0, 1).map(({ from, answer }) => quoteAnswer(from, answer)) : []),
      ],
      ...(newest === undefined ? {} : { since: newest }),
      ...(split ? { remediations: ['roll-back' as const] } : {}),
    };
  },
});

const isBad = ({ status }: { status: number | null }): boolean => status === null || status >= 500;
