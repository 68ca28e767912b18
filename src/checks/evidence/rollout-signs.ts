import { countOf } from '../../model/words.js';
import type { Facts } from '../../probes/index.js';
import type { Observed, Quote } from '../define-check.js';
import { formatSeconds } from '../host/clock.js';
import { byManager, propertyLines } from '../host/last-run.js';
import { endedByItself, isDying } from '../host/restarts.js';

/** Starts on different hosts that lie this far apart, all within the window, look like a rolling restart. */
const STAGGERED_SECONDS = 30;
const WINDOW_SECONDS = 15 * 60;
/** Package managers also run by themselves at night. */
const BY_THEMSELVES = /^(dpkg|apt|apt-get|unattended-upgr|dnf|yum|rpm|puppet|chef-client|salt-call)$/;

export type RolloutSign = {
  /** Two signs of different kinds support each other. */
  readonly kind: 'tool' | 'stop' | 'restarts' | 'release';
  readonly strong: boolean;
  readonly summary: string;
  readonly quote: Quote;
  readonly since: string;
};

type States = readonly Observed<Facts['unitState']>[];
type Journals = readonly Observed<Facts['unitJournal']>[];

export const toolSigns = (observed: Observed<Facts['deployActivity']>): RolloutSign[] =>
  observed.fact.processes.map(({ pid, name, command, ageSeconds }) => ({
    kind: 'tool',
    strong: !BY_THEMSELVES.test(name),
    summary: `${name} has been running on ${observed.target.name} for ${formatSeconds(ageSeconds)}`,
    quote: { from: observed, excerpt: `${String(pid)} ${command === '' ? name : command}` },
    since: new Date(Date.parse(observed.at) - ageSeconds * 1000).toISOString(),
  }));

/**
 * A unit on its way down: a deploy's doing or anybody's, so it only supports what else speaks for a rollout. Nobody told
 * one to stop whose main process has crashed, or just ended.
 */
export function stopSigns(states: States, journals: Journals, now: string): RolloutSign[] {
  const isAsked = ({ fact, target }: States[number]): boolean =>
    fact.activeState === 'reloading' ||
    (fact.activeState === 'deactivating' &&
      !isDying(fact) &&
      !endedByItself(journals.find((journal) => journal.target.name === target.name)?.fact));
  const stopping = states.filter(isAsked);
  return stopping.map((state) => ({
    kind: 'stop',
    strong: false,
    summary: `${state.fact.id} is ${state.fact.activeState} on ${state.target.name} (${state.fact.subState})`,
    quote: { from: state, excerpt: propertyLines(state.fact, ['ActiveState', 'SubState']) },
    since: state.fact.stateChangeAt ?? now,
  }));
}

/** A new release whose first run has not begun to serve: it starts, or runs and takes no connection yet. */
export function releaseSigns(
  releases: readonly Observed<Facts['release']>[],
  states: States,
  silent: ReadonlySet<string>,
  nowMs: number,
): RolloutSign[] {
  return releases.flatMap((release) => {
    const { id, changedAt, lines } = release.fact;
    const state = states.find(({ target }) => target.name === release.target.name);
    if (changedAt === null || state === undefined || !startsAnew(state.fact, silent.has(state.target.name)))
      return [];
    const changedMs = Date.parse(changedAt);
    const beganMs = Date.parse(state.fact.inactiveExitAt ?? state.fact.stateChangeAt ?? changedAt);
    if (nowMs - changedMs > WINDOW_SECONDS * 1000 || beganMs < changedMs) return [];
    return [
      {
        kind: 'release',
        strong: true,
        summary: `${state.fact.id} has been starting on ${release.target.name} for ${formatSeconds((nowMs - beganMs) / 1000)}, since its release became ${id}`,
        quote: { from: release, excerpt: lines.join('\n') },
        since: changedAt,
      },
    ];
  });
}

/** Its first run: one that systemd had to start again has failed, and is not on its way. */
const startsAnew = ({ activeState, subState, restarts }: Facts['unitState'], silent: boolean): boolean =>
  restarts === 0 &&
  (activeState === 'activating' ? !subState.startsWith('auto-restart') : activeState === 'active' && silent);

/** Started on purpose (a "Stopping" before it, not a crash), one host after the other. */
export function staggered(states: States, journals: Journals, nowMs: number): RolloutSign[] {
  const restarted = states.flatMap((state) => {
    const { execMainStartAt, restarts } = state.fact;
    if (execMainStartAt === null || restarts > 0) return [];
    const startedMs = Date.parse(execMainStartAt);
    const journal = journals.find(({ target }) => target.name === state.target.name);
    const asked = journal?.fact.lines.findLast(
      (line) =>
        byManager(line) &&
        line.message.startsWith('Stopping ') &&
        Date.parse(line.at) <= startedMs + 1000 &&
        startedMs - Date.parse(line.at) <= WINDOW_SECONDS * 1000,
    );
    const recent = nowMs - startedMs <= WINDOW_SECONDS * 1000;
    return recent && asked !== undefined && journal !== undefined
      ? [{ state, journal, asked, startedMs }]
      : [];
  });
  const times = restarted.map(({ startedMs }) => startedMs);
  const spread = (Math.max(...times) - Math.min(...times)) / 1000;
  const apart = restarted.length >= 2 && spread >= STAGGERED_SECONDS;
  const some = restarted.length > 0 && restarted.length < states.length;
  const [first] = restarted.sort((a, b) => a.startedMs - b.startedMs);
  if ((!apart && !some) || first === undefined) return [];
  return [
    {
      kind: 'restarts',
      strong: apart && some,
      summary: `${String(restarted.length)} of ${countOf(states.length, 'host')} ${restarted.length === 1 ? 'was' : 'were'} restarted in the last ${String(WINDOW_SECONDS / 60)} min`,
      quote: { from: first.journal, excerpt: first.asked.line },
      since: new Date(first.startedMs).toISOString(),
    },
  ];
}
