import type { BalancerLog } from '../probes/balancer-log.js';
import type { BalancerMembers } from '../probes/balancer-members.js';
import type { HttpAnswer } from '../probes/http-answer.js';
import type { JournalLine } from '../probes/shell/journal-lines.js';
import type { Release } from '../probes/release.js';
import type { UnitJournal } from '../probes/unit-journal.js';
import type { Service } from '../model/service.js';
import { countOf } from '../model/words.js';
import { defineServiceCheck, type Observed } from './define-check.js';
import { isBad } from './evidence/answers.js';
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
/** Requests before the release that did not meet it. Ours. */
const LINES_BEFORE = 3;
const QUOTED_LINES = 3;
const SHOWN_CHARS = 120;
/** What fails at others is told by those who look at them, whatever release asks them. */
const OF_OTHERS =
  /\btim(?:ed|e)[ -]?out|\brefused\b|\bunreachable\b|\bunavailable\b|\breset by peer\b|\bconnect(?:ion|ing)?\b|\bpool\b|\blocks?\b|\b5\d\d\b/i;

/**
 * 2.4 for a part of the requests: ours are served, and each of those that failed left the same words in the app's log,
 * which no request before the release did.
 */
export const releaseErringInPart = defineServiceCheck({
  id: 'release-erring-in-part',
  cause: 'deployment',
  title: 'Errors of a part of the requests that came with the new release',
  refutedBy: 'the same error before the release changed',
  scope: 'service',
  needs: ['release', 'unitJournal', 'balancerLog', 'balancerMembers'],
  uses: ['appAnswer'],

  evaluate({ release, unitJournal, balancerLog, balancerMembers, appAnswer }, { service }) {
    const [log, balancer] = [balancerLog[0], balancerMembers[0]];
    if (log === undefined || balancer === undefined)
      return { status: 'skipped', reason: 'the balancer was not read' };
    const hosts = service.hosts.filter((host) => isServed(appAnswer, host));
    const erring = hosts.flatMap((host) => {
      const [own, journal] = [of(release, host), of(unitJournal, host)];
      if (own === undefined || journal === undefined) return [];
      const words = wordsAt(host, { log, balancer, journal, service });
      const error = words === null ? null : asNew(words, own);
      return error === null ? [] : [{ ...error, release: own }];
    });
    const [first] = erring.toSorted((a, b) => b.failures.length - a.failures.length);
    if (first === undefined)
      return { status: 'passed', summary: 'no words of the app come with the failures since its release' };
    const met = erring.reduce((sum, { lines }) => sum + lines.length, 0);
    const failed = erring.reduce((sum, { failures }) => sum + failures.length, 0);
    return {
      status: 'failed',
      confidence: erring.every(({ isOld }) => isOld) ? 'likely' : 'possible',
      summary: `${met} of ${countOf(failed, 'failed request')} of the last minute met the same words in the app's log, which came first ${formatSeconds(first.delaySeconds)} after the release became ${first.release.fact.id}: ${first.words}`,
      evidence: erring.flatMap(({ release: from, journal, lines }) => [
        { from, excerpt: from.fact.lines.join('\n') },
        {
          from: journal,
          excerpt: lines
            .slice(-QUOTED_LINES)
            .map(({ line }) => line)
            .join('\n'),
        },
      ]),
      since: first.changedAt,
      remediations: ['roll-back'],
    };
  },
});

/** Who answers our own question badly fails for all: `release-erring` looks at that. */
const isServed = (answers: readonly Observed<HttpAnswer>[], host: string): boolean => {
  const own = of(answers, host);
  return own === undefined || !isBad(own.fact);
};

const of = <T>(all: readonly Observed<T>[], host: string): Observed<T> | undefined =>
  all.find(({ target }) => target.name === host);

type Seen = {
  readonly log: Observed<BalancerLog>;
  readonly balancer: Observed<BalancerMembers>;
  readonly journal: Observed<UnitJournal>;
  readonly service: Service;
};

const wordsAt = (host: string, { log, balancer, journal, service }: Seen): FailureWords | null => {
  const member = balancer.fact.members.find((each) => hostOf(each, service.hosts) === host);
  return member === undefined
    ? null
    : wordsOfFailures(log, service.balancer?.pool ?? '', member.name, journal);
};

type NewWords = FailureWords & {
  readonly words: string;
  readonly changedAt: string;
  readonly delaySeconds: number;
  /** Enough of the log before the release was read to know that it is new. */
  readonly isOld: boolean;
};

/** Null where the words are older than the release, came long after it, or tell of others. */
function asNew(found: FailureWords, { fact: { changedAt } }: Observed<Release>): NewWords | null {
  const [first] = found.lines;
  if (first === undefined || changedAt === null || isOfOthers(first)) return null;
  const own = found.journal.fact.lines.filter((line) => !byManager(line));
  const same = own.filter(({ message }) => isSameError(message, first.message));
  const begin = same[0]?.at ?? first.at;
  const delaySeconds = secondsBetween(changedAt, begin);
  if (delaySeconds < 0 || delaySeconds > WINDOW_SECONDS) return null;
  const isOld = own.filter(({ at }) => at < changedAt).length >= LINES_BEFORE;
  return { ...found, words: first.message.slice(0, SHOWN_CHARS), changedAt, delaySeconds, isOld };
}

const isOfOthers = ({ message }: JournalLine): boolean =>
  codeErrorIn(message) === null && (isRefusal(message) || OF_OTHERS.test(message));
