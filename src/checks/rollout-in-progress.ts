import { countOf } from '../model/words.js';
import type { Facts } from '../probes/index.js';
import type { Observed, Quote } from './define-check.js';
import { defineServiceCheck } from './define-check.js';
import { formatSeconds } from './host/clock.js';
import { byManager, propertyLines } from './host/last-run.js';

/** Starts on different hosts that lie this far apart, all within the window, look like a rolling restart. */
const STAGGERED_SECONDS = 30;
const WINDOW_SECONDS = 15 * 60;
/** Package managers also run by themselves at night. */
const BY_THEMSELVES = /^(dpkg|apt|apt-get|unattended-upgr|dnf|yum|rpm|puppet|chef-client|salt-call)$/;

type Sign = { strong: boolean; summary: string; quote: Quote; since: string };

export const rolloutInProgress = defineServiceCheck({
  id: 'rollout-in-progress',
  cause: 'deployment',
  title: 'A rollout is in progress',
  refutedBy: 'no deploy tool at work, no unit stopping, no recent restart',
  scope: 'service',
  needs: ['deployActivity'],
  uses: ['unitState', 'unitJournal', 'release'],

  evaluate({ deployActivity, unitState, unitJournal, release }, { now }) {
    const nowMs = Date.parse(now);
    const signs = [
      ...deployActivity.flatMap((observed) => toolSigns(observed)),
      ...unitState.flatMap((observed) => stoppingSign(observed, now)),
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
    const strong = signs.filter((sign) => sign.strong).length;
    const since = signs.map((sign) => sign.since).sort()[0];
    return {
      status: 'failed',
      // Any one of these has another explanation; two kinds at once hardly have.
      confidence: strong >= 2 ? 'confirmed' : strong === 1 ? 'likely' : 'possible',
      summary: signs.map(({ summary }) => summary).join('; '),
      evidence: signs.map(({ quote }) => quote),
      ...(since === undefined ? {} : { since }),
    };
  },
});

function toolSigns(observed: Observed<Facts['deployActivity']>): Sign[] {
  const { target, at, fact } = observed;
  return fact.processes.map(({ pid, name, command, ageSeconds }) => ({
    strong: !BY_THEMSELVES.test(name),
    summary: `${name} has been running on ${target.name} for ${formatSeconds(ageSeconds)}`,
    quote: { from: observed, excerpt: `${pid} ${command === '' ? name : command}` },
    since: new Date(Date.parse(at) - ageSeconds * 1000).toISOString(),
  }));
}

function stoppingSign(observed: Observed<Facts['unitState']>, now: string): Sign[] {
  const { id, activeState, subState, stateChangeAt } = observed.fact;
  const stopping = activeState === 'deactivating' || activeState === 'reloading';
  if (!stopping) return [];
  return [
    {
      strong: true,
      summary: `${id} is ${activeState} on ${observed.target.name} (${subState})`,
      quote: { from: observed, excerpt: propertyLines(observed.fact, ['ActiveState', 'SubState']) },
      since: stateChangeAt ?? now,
    },
  ];
}

/** Started on purpose (a "Stopping" before it, not a crash), one host after the other. */
function staggered(
  states: readonly Observed<Facts['unitState']>[],
  journals: readonly Observed<Facts['unitJournal']>[],
  nowMs: number,
): Sign[] {
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
      strong: apart && some,
      summary: `${restarted.length} of ${countOf(states.length, 'host')} ${restarted.length === 1 ? 'was' : 'were'} restarted in the last ${WINDOW_SECONDS / 60} min`,
      quote: { from: first.journal, excerpt: first.asked.line },
      since: new Date(first.startedMs).toISOString(),
    },
  ];
}
