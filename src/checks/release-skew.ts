import { countOf } from '../model/words.js';
import type { HttpAnswer } from '../probes/http-answer.js';
import type { Release } from '../probes/release.js';
import { defineServiceCheck, type Observed } from './define-check.js';
import { quoteAnswer } from './evidence/answers.js';
import { codeDiffers } from './evidence/code-differs.js';
import { hostOf } from './evidence/members.js';

export const releaseSkew = defineServiceCheck({
  id: 'release-skew',
  cause: 'deployment',
  title: 'Hosts run different code',
  refutedBy: 'the same code on all hosts',
  scope: 'service',
  needs: ['release'],
  uses: ['healthAnswer', 'appAnswer', 'memberAnswer', 'unitJournal'],

  evaluate({ release, healthAnswer, appAnswer, memberAnswer, unitJournal }, { service, now }) {
    if (release.length < 2) return { status: 'skipped', reason: 'the release of only one host is known' };
    const ids = [...new Set(release.map(({ fact }) => fact.id))];
    const [first] = ids;
    if (ids.length < 2)
      return (
        codeDiffers({ release, appAnswer, unitJournal }, now) ?? {
          status: 'passed',
          summary: `${countOf(release.length, 'host')} on ${first ?? ''}`,
        }
      );

    const apps = [...healthAnswer, ...appAnswer].map(({ target, fact }) => ({
      host: target.name,
      answer: fact,
    }));
    const members = memberAnswer.flatMap((from) =>
      from.fact.members.flatMap((member) => {
        const host = hostOf(member, service.hosts);
        // One that is not reached tells nothing of its release.
        return host === null || member.answer.status === null ? [] : [{ from, host, answer: member.answer }];
      }),
    );
    const byApps = releasesThatFail(release, apps);
    const bad = byApps ?? releasesThatFail(release, [...apps, ...members]);
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
      confidence: bad === null ? 'possible' : byApps === null ? 'likely' : 'confirmed',
      summary:
        bad === null
          ? `hosts run ${ids.length} different releases: ${counts}`
          : `only the hosts on ${bad.join(', ')} answer badly (${counts})`,
      evidence: [
        ...release.map((observed) => ({ from: observed, excerpt: observed.fact.lines.join('\n') })),
        ...(bad === null ? [] : members.filter(({ answer }) => isBad(answer)).slice(0, 1)).map(
          ({ from, answer }) => quoteAnswer(from, answer),
        ),
      ],
      ...(newest === undefined ? {} : { since: newest }),
      ...(bad === null ? {} : { remediations: ['roll-back' as const] }),
    };
  },
});

/**
 * The strongest natural experiment: every host of one release answers badly, every host of the other well, as far as they
 * were heard. Null where the releases do not part them.
 */
const releasesThatFail = (
  release: readonly Observed<Release>[],
  answers: readonly { readonly host: string; readonly answer: HttpAnswer }[],
): string[] | null => {
  const bad = new Set(answers.flatMap(({ host, answer }) => (isBad(answer) ? [host] : [])));
  const good = new Set(answers.flatMap(({ host }) => (bad.has(host) ? [] : [host])));
  const idsOn = (hosts: ReadonlySet<string>): string[] => [
    ...new Set(release.flatMap(({ target, fact }) => (hosts.has(target.name) ? [fact.id] : []))),
  ];
  const [badIds, goodIds] = [idsOn(bad), idsOn(good)];
  return badIds.length > 0 && goodIds.length > 0 && !badIds.some((id) => goodIds.includes(id))
    ? badIds
    : null;
};

const isBad = ({ status }: { status: number | null }): boolean => status === null || status >= 500;
