import type { JournalLine } from '../probes/shell/journal-lines.js';
import type { Confidence } from '../model/cause.js';
import { servicePort, type Service } from '../model/service.js';
import type { HttpAnswer } from '../probes/http-answer.js';
import type { ProxyLog } from '../probes/proxy-log.js';
import type { Release } from '../probes/release.js';
import type { UnitJournal } from '../probes/unit-journal.js';
import { defineHostCheck, type Observed, type Outcome } from './define-check.js';
import { isBad, quoteAnswer } from './evidence/answers.js';
import { codeErrorIn } from './evidence/code-errors.js';
import { answeredWords, isSameError } from './evidence/complaints.js';
import { closedFileIn, foreignFileIn, lostFileIn } from './evidence/lost-files.js';
import { goesOn, quoteProxyLines, recentProxyLines } from './evidence/proxy-lines.js';
import { isRefusal } from './evidence/refusals.js';
import { secondsBetween } from './evidence/time.js';
import { formatSeconds } from './host/clock.js';
import { byManager } from './host/last-run.js';

/** An error that a release brings is met by the first requests after it. */
const WINDOW_SECONDS = 15 * 60;
/** Our own question met it just now, or a check of the balancer. Ours. */
const GOES_ON_SECONDS = 30;

/** The first requests of a release come within this. Ours. */
const AT_ONCE_SECONDS = 30;

/**
 * 2.4: the new release is there, and requests fail with an error of code, schema or a file of its own that was not seen
 * before it. What a dependency does to any release is no error of this kind.
 */
export const releaseErring = defineHostCheck({
  id: 'release-erring',
  cause: 'deployment',
  title: 'Errors that came with the new release',
  refutedBy: 'the same error before the release changed',
  needs: ['release', 'unitJournal', 'appAnswer'],
  uses: ['proxyLog'],

  evaluate({ release, unitJournal, appAnswer, proxyLog }, { service, now }) {
    const { id, changedAt } = release.fact;
    const answer = appAnswer.fact;
    if (answer.status === null || !isBad(answer))
      return (
        refusedByProxy(release, proxyLog, servicePort(service)) ?? {
          status: 'passed',
          summary: `${id} serves`,
        }
      );
    if (changedAt === null) return { status: 'skipped', reason: 'when the release changed is not known' };

    return failingWords({ release, unitJournal, appAnswer, changedAt, now }, service.release);
  },
});

type Read = {
  readonly release: Observed<Release>;
  readonly unitJournal: Observed<UnitJournal>;
  readonly appAnswer: Observed<HttpAnswer>;
  readonly changedAt: string;
  readonly now: string;
};

/** What the app's log and its bad answer say since the change, and did not before. */
function failingWords(
  { release, unitJournal, appAnswer, changedAt, now }: Read,
  configured: Service['release'],
): Outcome {
  const { id } = release.fact;
  const lines = unitJournal.fact.lines.filter((line) => !byManager(line));
  const [before, after] = [linesBefore(lines, changedAt), lines.filter(({ at }) => at >= changedAt)];
  const errorIn = (message: string): string | null =>
    codeErrorIn(message) ??
    lostFileIn(message, configured) ??
    closedFileIn(message) ??
    foreignFileIn(message, configured);
  const old = before.flatMap(({ message }) => errorIn(message) ?? []);
  const errors = after.flatMap((line) => {
    const error = errorIn(line.message);
    return error === null ? [] : [{ line, error, isNew: !old.some((one) => isSameError(one, error)) }];
  });
  // Some errors may be handled, and as old as the app.
  const found = errors.find(({ isNew }) => isNew) ?? errors[0];
  const failing = (line: JournalLine, words: string, confidence: Confidence): Outcome => ({
    status: 'failed',
    confidence,
    summary: `an error that is new in what was read of the log came ${formatSeconds(delayOf(line, changedAt))} after the release became ${id}: ${words}`,
    evidence: [
      { from: release, excerpt: release.fact.lines.join('\n') },
      { from: unitJournal, excerpt: line.line },
      quoteAnswer(appAnswer, appAnswer.fact),
    ],
    since: changedAt,
    remediations: ['roll-back'],
  });
  const isComplete = reachesStart(unitJournal.fact.lines, changedAt);
  if (found === undefined) {
    const complaint = isComplete ? newComplaint(before, after, appAnswer.fact.body) : null;
    return complaint === null || delayOf(complaint.line, changedAt) > WINDOW_SECONDS
      ? { status: 'passed', summary: `no error of code, schema or files since ${id}` }
      : failing(complaint.line, complaint.words, 'possible');
  }
  const { line, error, isNew } = found;
  if (!isNew || delayOf(line, changedAt) > WINDOW_SECONDS)
    return { status: 'passed', summary: `${error}: that did not begin with ${id}` };
  // A file that nobody needs is missed once, at the start.
  const goesOn = errors.some((one) => one.isNew && secondsBetween(one.line.at, now) <= GOES_ON_SECONDS);
  const isFirm = isComplete && (goesOn || codeErrorIn(error) !== null);
  return failing(line, error, isFirm && isNear(line, changedAt, configured) ? 'likely' : 'possible');
}

/** What lies outside of releases may be lost at any time. */
const isNear = (line: JournalLine, changedAt: string, configured: Service['release']): boolean =>
  foreignFileIn(line.message, configured) === null || delayOf(line, changedAt) <= AT_ONCE_SECONDS;

/** The app answers, and nginx cannot use what it says: a header larger than its buffer, one that HTTP does not allow. */
function refusedByProxy(
  release: Observed<Release>,
  log: Observed<ProxyLog> | undefined,
  port: number,
): Outcome | null {
  const { id, changedAt, lines } = release.fact;
  if (log === undefined || changedAt === null) return null;
  // The log is shared with other services; nginx warns of what it only leaves out.
  const ours = log.fact.lines.filter(
    ({ kind, level, upstream }) =>
      kind === 'upstream-unusable' &&
      level === 'error' &&
      new RegExp(`:${String(port)}(?:/|$)`).test(upstream ?? ''),
  );
  const [first] = ours;
  const hits = recentProxyLines([{ ...log, fact: { ...log.fact, lines: ours } }], ['upstream-unusable']);
  if (first === undefined || !goesOn(hits)) return null;
  const delay = delayOf(first, changedAt);
  if (delay < 0 || delay > WINDOW_SECONDS) return null;
  const words = /upstream sent [^,]{1,80}/.exec(first.line)?.[0] ?? 'an answer that it cannot use';
  return {
    status: 'failed',
    confidence: reachesBefore(log.fact, changedAt) ? 'likely' : 'possible',
    summary: `nginx cannot use what the app answers since the release became ${id}, ${formatSeconds(delay)} before the first such answer: ${words}`,
    evidence: [{ from: release, excerpt: lines.join('\n') }, ...quoteProxyLines(hits)],
    since: changedAt,
    remediations: ['roll-back'],
  };
}

/** So many lines the probe reads: fewer are the whole file. */
const MAX_LINES = 200;

/** The log of another day, rotated away a moment ago, is not thought of. */
const reachesBefore = ({ lines }: ProxyLog, changedAt: string): boolean =>
  lines.length < MAX_LINES || lines.some(({ at }) => at < changedAt);

/** Where what was read of the journal begins after the start of the new release, the error may be older. */
const reachesStart = (lines: readonly JournalLine[], changedAt: string): boolean =>
  lines.some(
    (line) => line.at < changedAt || (byManager(line) && /^(?:Stopping|Stopped|Started) /.test(line.message)),
  );

const delayOf = ({ at }: { at: string }, changedAt: string): number =>
  (Date.parse(at) - Date.parse(changedAt)) / 1000;

/**
 * What the bad answer repeats and the log had not before the release, in whatever words: a hint, for much else may have
 * changed then. Those of servers tell of servers, and are left to the checks that know them.
 */
function newComplaint(
  before: readonly JournalLine[],
  after: readonly JournalLine[],
  body: string,
): { line: JournalLine; words: string } | null {
  for (const line of after) {
    const words = answeredWords(line, body);
    if (words === null || isRefusal(line.message)) continue;
    if (!before.some((old) => isSameError(answeredWords(old, old.message) ?? '', words)))
      return { line, words };
  }
  return null;
}

const linesBefore = (lines: readonly JournalLine[], changedAt: string): JournalLine[] =>
  lines.filter(({ at }) => at < changedAt);
