import type { Confidence } from '../model/cause.js';
import type { JournalLine } from '../probes/shell/journal-lines.js';
import type { UnitJournal } from '../probes/unit-journal.js';
import type { UnitState } from '../probes/unit-state.js';
import { defineHostCheck, type Outcome } from './define-check.js';
import { formatSeconds, hostNow } from './host/clock.js';
import { describeEnd } from './host/exit-words.js';
import { byManager, explainLastRun } from './host/last-run.js';
import { endedByItself, isDying, LOOPING_TIMES, loopOf } from './host/restarts.js';
import { isByRelease, type StartupError } from './startup-errors.js';

/** A failure that a release brings shows at the first start after it. */
const WINDOW_SECONDS = 15 * 60;

/**
 * A deployment is the root only through a mechanism: the unit fails to start with an error that only new code or new
 * settings bring, for the first time after the release changed. Recency alone proves nothing.
 */
export const releaseFailing = defineHostCheck({
  id: 'release-failing',
  cause: 'deployment',
  title: 'The new release does not start',
  refutedBy: 'the same failure before the release changed',
  needs: ['release', 'unitState', 'unitJournal'],
  uses: ['hostClock'],

  evaluate({ release, unitState, unitJournal, hostClock }, { now }) {
    const { id, changedAt } = release.fact;
    if (!isFailing(unitState.fact, unitJournal.fact, hostNow(hostClock, now)))
      return { status: 'passed', summary: `${id} runs` };
    if (changedAt === null) return { status: 'skipped', reason: 'when the release changed is not known' };

    const explained = explainLastRun(unitState, unitJournal, ['ActiveState', 'Result', 'ExecMainStatus']);
    const journal = [...release.fact.around, ...unitJournal.fact.lines].filter(byManager);
    const before = runBefore(journal, Date.parse(changedAt));
    const delay = secondsToFailure(journal, Date.parse(changedAt));
    if (before === 'failed' || delay > WINDOW_SECONDS || ranFirst(journal, Date.parse(changedAt)))
      return { status: 'passed', summary: `the failures of ${unitState.fact.id} did not begin with ${id}` };
    const blame = blameOf(explained.error, endOf(unitState.fact, journal), delay);
    if (blame === null || (blame === 'likely' && before !== 'ran')) return otherMatter(explained.error);
    return {
      status: 'failed',
      // A unit that nobody saw run before proves nothing about the change.
      confidence: before === 'ran' ? blame : 'likely',
      summary: `${unitState.fact.id} does not start since the release became ${id}, ${formatSeconds(delay)} before its first failure: ${explained.error?.phrase ?? describeEnd(unitState.fact)}`,
      evidence: [{ from: release, excerpt: release.fact.lines.join('\n') }, ...explained.quotes],
      since: changedAt,
      remediations: ['roll-back'],
    };
  },
});

const otherMatter = (error: StartupError | null): Outcome => ({
  status: 'passed',
  summary: `${error?.phrase ?? 'the error has no name'}: not a matter of the release`,
});

/** From the change to the first bad end after it; infinite where there was none. */
const secondsToFailure = (journal: readonly JournalLine[], changedMs: number): number => {
  const first = journal.find(({ message, at }) => ENDED_BADLY.test(message) && Date.parse(at) >= changedMs);
  return first === undefined ? Infinity : (Date.parse(first.at) - changedMs) / 1000;
};

/** An end without a known error, so soon after the change, is more than a coincidence. */
const SOON_SECONDS = 120;
/** From here on exit statuses are systemd's own (systemd.exec(5)). */
const BY_SYSTEMD = 200;

/** Is it of the kind that a release brings? Null: another error, or an end from outside. */
function blameOf(error: StartupError | null, end: End, delaySeconds: number): Confidence | null {
  if (error !== null && isByRelease(error)) return 'confirmed';
  if (delaySeconds > SOON_SECONDS || (error !== null && error.kind !== 'permission')) return null;
  const { execMainCode, execMainStatus } = end;
  const ownEnd =
    execMainCode === EXITED ? execMainStatus > 0 && execMainStatus < BY_SYSTEMD : execMainCode === DUMPED;
  // A folder or program that the unit may not enter is the release's, too.
  const closed = error !== null && execMainCode === EXITED && CLOSED.has(execMainStatus);
  return ownEnd || closed ? 'likely' : null;
}
type End = Pick<UnitState, 'execMainCode' | 'execMainStatus'>;

/** systemd forgets how the last run ended as soon as the next one has begun; the journal does not. */
function endOf(unit: UnitState, journal: readonly JournalLine[]): End {
  const said = journal.map(({ message }) => /code=(\w+), status=(\d+)/.exec(message));
  const [, code, status] = said.findLast((found) => found !== null) ?? [];
  if (unit.execMainCode !== 0 || code === undefined) return unit;
  return { execMainCode: CODES[code] ?? 0, execMainStatus: Number(status) };
}

/** CHDIR and EXEC. */
const CLOSED: ReadonlySet<number> = new Set([200, 203]);
const EXITED = 1;
const DUMPED = 3;
const CODES: Readonly<Record<string, number>> = { exited: EXITED, killed: 2, dumped: DUMPED };

const ENDED_BADLY = /Main process exited|Failed with result/;
/** A run that lasted so long before the change was no part of a loop. */
const STEADY_SECONDS = 60;

/** How the unit did when the release changed: another failure, an hour or a day ago, is another story. */
function runBefore(journal: readonly JournalLine[], changedMs: number): 'ran' | 'failed' | 'unknown' {
  const before = journal.filter(({ at }) => Date.parse(at) < changedMs);
  const start = before.findLastIndex(({ message }) => message.startsWith('Started '));
  const run = before[start];
  if (run === undefined) {
    if (before.some(({ message }) => ENDED_BADLY.test(message))) return 'failed';
    // Started too long ago to be read of: but it was there to be stopped.
    const next = journal.find(({ at }) => Date.parse(at) >= changedMs);
    return before.length === 0 && next?.message.startsWith('Stopping ') === true ? 'ran' : 'unknown';
  }
  if (before.slice(start).some(({ message }) => ENDED_BADLY.test(message))) return 'failed';
  const reason = before
    .slice(0, start)
    .findLast(({ message }) => !/^(Stopped|Starting) |Consumed /.test(message));
  const bySystemd = reason?.message.includes('Scheduled restart job') === true;
  return bySystemd && changedMs - Date.parse(run.at) < STEADY_SECONDS * 1000 ? 'failed' : 'ran';
}

/**
 * The first run of the new release ended because it was told to, and had lasted longer than those that fail: the release
 * does start, and what keeps it from that came later.
 */
function ranFirst(journal: readonly JournalLine[], changedMs: number): boolean {
  const after = journal.filter(({ at }) => Date.parse(at) >= changedMs);
  const bad = after.findIndex(({ message }) => ENDED_BADLY.test(message));
  const told = after.slice(0, bad).findLastIndex(({ message }) => message.startsWith('Stopping '));
  const first = runSeconds(after.slice(0, told + 1));
  const failed = runSeconds(after.slice(0, bad + 1));
  return bad !== -1 && first !== null && first >= LASTED_SECONDS && first > 2 * (failed ?? first);
}
/** Longer than most programs need to fail at their start. Ours. */
const LASTED_SECONDS = 5;

/** How long the run lasted that ended with the last of these lines; null where its start is not among them. */
function runSeconds(lines: readonly JournalLine[]): number | null {
  const start = lines.findLast(({ message }) => message.startsWith('Started '));
  const end = lines.at(-1);
  return start === undefined || end === undefined ? null : (Date.parse(end.at) - Date.parse(start.at)) / 1000;
}

const isFailing = (unit: UnitState, journal: UnitJournal, nowMs: number): boolean =>
  unit.activeState === 'failed' ||
  (isDying(unit) && endedByItself(journal)) ||
  unit.subState.startsWith('auto-restart') ||
  (loopOf(unit, journal, nowMs)?.times ?? 0) >= LOOPING_TIMES;
