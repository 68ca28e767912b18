import type { BalancerLog } from '../probes/balancer-log.js';
import type { JournalLine } from '../probes/shell/journal-lines.js';
import type { Release } from '../probes/release.js';
import type { UnitJournal } from '../probes/unit-journal.js';
import { countOf } from '../model/words.js';
import { defineServiceCheck, type Observed, type Outcome } from './define-check.js';
import { codeErrorIn } from './evidence/code-errors.js';
import { isSameError } from './evidence/complaints.js';
import { hostOf } from './evidence/members.js';
import { isRefusal } from './evidence/refusals.js';
import { secondsBetween } from './evidence/time.js';
import { wordsOfFailures, type FailureWords } from './evidence/words-of-failures.js';
import { formatSeconds } from './host/clock.js';
import { byManager } from './host/last-run.js';

/** An error that a release brings is met by the first requests after it. */
const WINDOW_SECONDS = 15 * 60;
/** Lines of the app before the release that were read, and do not say it. Ours. */
const LINES_BEFORE = 3;
/** So lately somebody was served, too: what fails for all is not of this kind. Ours. */
const LATELY_SECONDS = 20;
const SHARE_SERVED = 0.1;
const QUOTED_LINES = 3;
const SHOWN_CHARS = 120;
/** What fails at others is told by those who look at them, whatever release asks them. */
const OF_OTHERS =
  /\btim(?:ed|e)[ -]?out|\brefused\b|\bunreachable\b|\bunavailable\b|\breset by peer\b|\bconnect(?:ion|ing)?\b|\bpool\b|\blocks?\b|\b5\d\d\b/i;

/**
 * 2.4 for a part of the requests: each of those that failed since the release left the same words in the app's log, which
 * no request before it did.
 */
export const releaseErringInPart = defineServiceCheck({
  id: 'release-erring-in-part',
  cause: 'deployment',
  title: 'Errors of a part of the requests that came with the new release',
  refutedBy: 'the same error before the release changed',
  scope: 'service',
  needs: ['release', 'unitJournal', 'balancerLog', 'balancerMembers'],

  evaluate({ release, unitJournal, balancerLog, balancerMembers }, { service }) {
    const [log, balancer, newest] = [balancerLog[0], balancerMembers[0], newestOf(release)];
    if (log === undefined || balancer === undefined || newest === undefined)
      return { status: 'skipped', reason: 'when the release changed is not known' };
    if (!isPart(log.fact)) return { status: 'passed', summary: 'not a part of the requests fails' };

    const ofRelease = release.filter((each) => each.fact.id === newest.fact.id && changeOf(each) !== '');
    const hosts = ofRelease.flatMap(({ target: { name } }) => {
      const server = balancer.fact.members.find((each) => hostOf(each, service.hosts) === name)?.name;
      return unitJournal.flatMap((journal) =>
        server === undefined || journal.target.name !== name ? [] : [{ server, journal }],
      );
    });
    const since = ofRelease.map(changeOf).toSorted()[0] ?? changeOf(newest);
    const found = wordsOfFailures(log, { pool: service.balancer?.pool ?? '', since, hosts });
    const age = found === null || isOfOthers(found.words) ? null : ageOf(found, hosts, since);
    return found === null || age === null
      ? { status: 'passed', summary: 'no new words of the app come with the failures since its release' }
      : failing(newest, found, { ...age, since });
  },
});

const newestOf = (release: readonly Observed<Release>[]): Observed<Release> | undefined =>
  release
    .filter((each) => changeOf(each) !== '')
    .toSorted((a, b) => changeOf(b).localeCompare(changeOf(a)))[0];

/** Empty where it is not known. */
const changeOf = ({ fact: { changedAt } }: Observed<Release>): string => changedAt ?? '';

const failing = (
  from: Observed<Release>,
  { met, failed, words }: FailureWords,
  { delaySeconds, isSure, since }: Age & { since: string },
): Outcome => ({
  status: 'failed',
  confidence: isSure ? 'likely' : 'possible',
  summary: `${met.reduce((sum, { lines }) => sum + lines.length, 0)} of ${countOf(failed, 'request')} that failed since the release became ${from.fact.id} met the same words in the app's log, first ${formatSeconds(delaySeconds)} after it: ${words.slice(0, SHOWN_CHARS)}`,
  evidence: [
    { from, excerpt: from.fact.lines.join('\n') },
    ...met.map(({ journal, lines }) => ({
      from: journal,
      excerpt: lines
        .slice(-QUOTED_LINES)
        .map(({ line }) => line)
        .join('\n'),
    })),
  ],
  since,
  remediations: ['roll-back'],
});

type Age = {
  readonly delaySeconds: number;
  /** Enough was read of the time before. */
  readonly isSure: boolean;
};

const isPart = ({ spans }: BalancerLog): boolean => {
  const lately = spans.filter(({ ageSeconds }) => ageSeconds <= LATELY_SECONDS);
  const served = lately.reduce((sum, span) => sum + span.served, 0);
  const unavailable = lately.reduce((sum, span) => sum + span.unavailable, 0);
  return unavailable > 0 && served >= SHARE_SERVED * (served + unavailable);
};

/** Null where the words are older than the release, or came long after it. */
function ageOf(
  { words }: FailureWords,
  hosts: readonly { journal: Observed<UnitJournal> }[],
  changedAt: string,
): Age | null {
  const own = hosts
    .flatMap(({ journal }) => journal.fact.lines)
    .filter((line) => !byManager(line))
    .toSorted((a, b) => a.at.localeCompare(b.at));
  const begin = own.find((line) => isSaid(line, words))?.at;
  const delaySeconds = begin === undefined ? -1 : secondsBetween(changedAt, begin);
  if (delaySeconds < 0 || delaySeconds > WINDOW_SECONDS) return null;
  return { delaySeconds, isSure: hosts.every((each) => isWhole(each, changedAt)) };
}

/** Its lines reach back before the release, or at least to the start of it. */
const isWhole = ({ journal }: { journal: Observed<UnitJournal> }, changedAt: string): boolean => {
  const { lines } = journal.fact;
  const before = lines.filter((line) => !byManager(line) && line.at < changedAt);
  return before.length >= LINES_BEFORE || lines.some((line) => byManager(line) && BEGIN.test(line.message));
};
const BEGIN = /^(?:Stopping|Stopped|Started) /;

const isSaid = ({ message }: JournalLine, words: string): boolean => isSameError(message, words);

const isOfOthers = (words: string): boolean =>
  codeErrorIn(words) === null && (isRefusal(words) || OF_OTHERS.test(words));
