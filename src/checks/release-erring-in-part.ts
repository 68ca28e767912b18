import type { BalancerLog } from '../probes/balancer-log.js';
import type { JournalLine } from '../probes/shell/journal-lines.js';
import type { Release } from '../probes/release.js';
import type { UnitJournal } from '../probes/unit-journal.js';
import { countOf } from '../model/words.js';
import { defineServiceCheck, type Observed, type Outcome } from './define-check.js';
import { codeErrorIn } from './evidence/code-errors.js';
import { isSameError } from './evidence/complaints.js';
import { hostOf } from './evidence/members.js';
import { tellsOfOthers } from './evidence/refusals.js';
import { secondsBetween } from './evidence/time.js';
import { isPassedOn, wordsOfFailures, type FailureWords } from './evidence/words-of-failures.js';
import { formatSeconds } from './host/clock.js';
import { byManager } from './host/last-run.js';

/** An error that a release brings is met by the first requests after it. */
const WINDOW_SECONDS = 15 * 60;
/** So soon that it is hardly by chance that something else began to fail then. Ours. */
const AT_ONCE_SECONDS = 5;
/** Of the log before the release, where its start was not read. Ours. */
const LINES_BEFORE = 3;
const SECONDS_BEFORE = 60;
/** A deploy restarts what it has brought within this. Ours. */
const START_SECONDS = 30;
/** `balancer-log` reads ten minutes and 200 failures at most: half of that is left for the time before. */
const LOG_SECONDS = 300;
const LOG_LINES = 200;
/** So lately somebody was served, too: what fails for all is not of this kind. Ours. */
const LATELY_SECONDS = 20;
const SHARE_SERVED = 0.1;
/** As many in the same time before, or on hosts of another release: the release is not why. Ours. */
const AS_MANY = 0.7;
const QUOTED_LINES = 3;
const SHOWN_CHARS = 120;

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
    const hosts = ofRelease.flatMap((each) => {
      const { name } = each.target;
      const server = balancer.fact.members.find((member) => hostOf(member, service.hosts) === name)?.name;
      return unitJournal.flatMap((journal) =>
        server === undefined || journal.target.name !== name
          ? []
          : [{ server, journal, changedAt: changeOf(each) }],
      );
    });
    const since = ofRelease.map(changeOf).toSorted()[0] ?? changeOf(newest);
    const pool = service.balancer?.pool ?? '';
    if (failedAsWell(log, pool, { since, hosts }))
      return { status: 'passed', summary: 'as many requests fail without its release' };
    const all = wordsOfFailures(log, { pool, since, hosts });
    const found =
      haveOtherReason(hosts, since) || all.some(({ words }) => isOfOthers(words))
        ? undefined
        : all.flatMap((each) => ageOf(each, { log, hosts, since }) ?? []).toSorted(byCode)[0];
    return found === undefined
      ? { status: 'passed', summary: 'no new words of the app come with the failures since its release' }
      : failing(newest, found, since);
  },
});

/** In as long a time before the release, or at the members that do not have it. */
const failedAsWell = (
  log: Observed<BalancerLog>,
  pool: string,
  { since, hosts }: { since: string; hosts: readonly { server: string }[] },
): boolean => {
  const age = secondsBetween(since, log.at);
  const passedOn = log.fact.failed.filter((line) => isPassedOn(line, pool));
  const servers = new Set(hosts.map(({ server }) => server));
  const after = passedOn.filter(({ server, ageSeconds }) => ageSeconds < age && servers.has(server ?? ''));
  const elsewhere = passedOn.filter(
    ({ server, ageSeconds }) => ageSeconds < age && !servers.has(server ?? ''),
  );
  const before = passedOn.filter(({ ageSeconds }) => ageSeconds >= age && ageSeconds < 2 * age);
  // The restarts of a deploy give a 502, which tells nothing of what the app says.
  const statuses = new Set(after.map(({ status }) => status));
  const asBad = [before, elsewhere].map((lines) => lines.filter(({ status }) => statuses.has(status)).length);
  return Math.max(...asBad) >= AS_MANY * after.length;
};

const newestOf = (release: readonly Observed<Release>[]): Observed<Release> | undefined =>
  release
    .filter((each) => changeOf(each) !== '')
    .toSorted((a, b) => changeOf(b).localeCompare(changeOf(a)))[0];

/** Empty where it is not known. */
const changeOf = ({ fact: { changedAt } }: Observed<Release>): string => changedAt ?? '';

const failing = (
  from: Observed<Release>,
  { met, failed, words, delaySeconds, isSure }: NewWords,
  since: string,
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

type NewWords = FailureWords & {
  readonly delaySeconds: number;
  /** They are new, and of code, or came with the release: no other trouble began just then. */
  readonly isSure: boolean;
};

const byCode = (a: NewWords, b: NewWords): number =>
  Number(codeErrorIn(b.words) !== null) - Number(codeErrorIn(a.words) !== null);

const isPart = ({ spans }: BalancerLog): boolean => {
  const lately = spans.filter(({ ageSeconds }) => ageSeconds <= LATELY_SECONDS);
  const served = lately.reduce((sum, span) => sum + span.served, 0);
  const unavailable = lately.reduce((sum, span) => sum + span.unavailable, 0);
  return unavailable > 0 && served >= SHARE_SERVED * (served + unavailable);
};

type Host = { readonly journal: Observed<UnitJournal>; readonly changedAt: string };

/** Null where the words are older than the release, or came long after it. */
function ageOf(
  found: FailureWords,
  { log, hosts, since }: { log: Observed<BalancerLog>; hosts: readonly Host[]; since: string },
): NewWords | null {
  const own = hosts
    .flatMap(({ journal }) => journal.fact.lines)
    .filter((line) => !byManager(line))
    .toSorted((a, b) => a.at.localeCompare(b.at));
  const begin = own.find((line) => isSaid(line, found.words))?.at;
  const delaySeconds = begin === undefined ? -1 : secondsBetween(since, begin);
  if (delaySeconds < 0 || delaySeconds > WINDOW_SECONDS) return null;
  const isTheirs = codeErrorIn(found.words) !== null || delaySeconds <= AT_ONCE_SECONDS;
  const isNew = hosts.every((host) => reachesBefore(host) || (reachesStart(host) && isCovered(log, since)));
  return { ...found, delaySeconds, isSure: isTheirs && isNew };
}

const reachesBefore = ({ journal, changedAt }: Host): boolean => {
  const before = journal.fact.lines.filter((line) => !byManager(line) && line.at < changedAt);
  const seconds = secondsBetween(before[0]?.at ?? changedAt, changedAt);
  return before.length >= LINES_BEFORE && seconds >= SECONDS_BEFORE;
};

/** What was read of the log begins with the start of the release, no later one. */
const reachesStart = ({ journal, changedAt }: Host): boolean =>
  journal.fact.lines.some(
    (line) =>
      byManager(line) &&
      /^(?:Stopping|Stopped|Started) /.test(line.message) &&
      Math.abs(secondsBetween(changedAt, line.at)) <= START_SECONDS,
  );

/** Then requests that failed before the release would have been seen: the log holds so many failures, of so long a time. */
const isCovered = (log: Observed<BalancerLog>, since: string): boolean => {
  const age = secondsBetween(since, log.at);
  const oldest = log.fact.failed[0]?.ageSeconds ?? Infinity;
  return age <= LOG_SECONDS && (log.fact.failed.length < LOG_LINES || oldest > age);
};

const isSaid = ({ message }: JournalLine, words: string): boolean => isSameError(message, words);

/** Errors of code that data bring about, of an answer that was not what it should be. */
const OF_DATA = /TypeError|KeyError|NullPointer|ClassCast|WRONGTYPE/;

const isOfOthers = (words: string): boolean =>
  (codeErrorIn(words) === null || OF_DATA.test(words)) && tellsOfOthers(words);

/** Node and Java tell the reason in a line of its own, which is set in. */
const haveOtherReason = (hosts: readonly { journal: Observed<UnitJournal> }[], since: string): boolean =>
  hosts.some(({ journal }) =>
    journal.fact.lines.some(
      ({ at, message }) =>
        at >= since && /^\s*(?:\[cause\]|Caused by)/m.test(message) && tellsOfOthers(message),
    ),
  );
