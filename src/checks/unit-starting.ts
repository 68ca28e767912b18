import type { Confidence } from '../model/cause.js';
import type { UnitJournal } from '../probes/unit-journal.js';
import type { UnitState } from '../probes/unit-state.js';
import type { Service } from '../model/service.js';
import { countOf } from '../model/words.js';
import type { Facts } from '../probes/index.js';
import { loadingOf } from './host/loading.js';
import { defineHostCheck, type Observed, type Outcome } from './define-check.js';
import { isSilent } from './evidence/answers.js';
import { formatSeconds, hostNow, secondsSince } from './host/clock.js';
import { propertyLines } from './host/last-run.js';
import { onPort } from './host/port.js';
import { LOOPING_TIMES, loopOf } from './host/restarts.js';

/** Every start passes here, also one that is about to fail for another reason. Ours. */
const JUST_BEGUN_SECONDS = 5;

export const unitStarting = defineHostCheck({
  id: 'unit-starting',
  cause: 'not-started',
  title: 'Unit is still starting',
  refutedBy: 'a start that is over',
  needs: ['unitState'],
  uses: ['listenSockets', 'unitJournal', 'hostClock', 'unitProcesses', 'workerSockets', 'healthAnswer'],

  evaluate(facts, { service, now }) {
    const { unitState, listenSockets, unitJournal, hostClock, healthAnswer } = facts;
    const { id, activeState, subState, inactiveExitAt } = unitState.fact;
    if (activeState !== 'activating') return onceStarted(facts, service, now);
    if (subState.startsWith('auto-restart'))
      return { status: 'skipped', reason: `${id} waits for its next start: see unit-crash-looping` };
    if (startsAgain(unitState.fact, unitJournal?.fact, hostNow(hostClock, now)))
      return { status: 'skipped', reason: `${id} starts again and again: see unit-crash-looping` };

    const listens = listenSockets !== undefined && onPort(listenSockets.fact, service).length > 0;
    const nowMs = hostNow(hostClock, now);
    const { ageSeconds, age } = ageOf(inactiveExitAt, nowMs);
    const last = unitJournal?.fact.lines.at(-1);
    return {
      status: 'failed',
      confidence: listens ? withPort(healthAnswer, ageSeconds) : withoutPort(ageSeconds),
      summary: `${id} has been starting${age} (${subState})${listens ? ', and its port is open already' : ''}`,
      evidence: [
        { from: unitState, excerpt: propertyLines(unitState.fact, ['ActiveState', 'SubState']) },
        ...(unitJournal !== undefined && last !== undefined
          ? [{ from: unitJournal, excerpt: last.line }]
          : []),
      ],
      ...(inactiveExitAt === null ? {} : { since: inactiveExitAt }),
    };
  },
});

type Given = { unitState: Observed<Facts['unitState']> } & {
  [K in 'listenSockets' | 'hostClock' | 'unitProcesses' | 'workerSockets']?: Observed<Facts[K]>;
};

function onceStarted(given: Given, service: Service, now: string): Outcome {
  const { unitState, listenSockets, unitProcesses, workerSockets, hostClock } = given;
  const { id, activeState, subState, execMainStartAt } = unitState.fact;
  const host = {
    unit: unitState.fact,
    sockets: listenSockets?.fact,
    processes: unitProcesses?.fact,
    workerSockets: workerSockets?.fact,
  };
  const loading = loadingOf(host, service, hostNow(hostClock, now));
  if (loading === null || listenSockets === undefined)
    return { status: 'passed', summary: `${id} is ${activeState} (${subState})` };
  const { seconds, queued, line } = loading;
  return {
    status: 'failed',
    confidence: 'likely',
    summary: `${id} was started ${formatSeconds(seconds)} ago and has not taken a connection yet: ${countOf(queued, 'connection')} waiting`,
    evidence: [
      {
        from: unitState,
        excerpt: propertyLines(unitState.fact, ['ActiveState', 'SubState', 'ExecMainStartTimestamp']),
      },
      { from: listenSockets, excerpt: line },
    ],
    ...(execMainStartAt === null ? {} : { since: execMainStartAt }),
  };
}

const startsAgain = (unit: UnitState, journal: UnitJournal | undefined, nowMs: number): boolean =>
  (loopOf(unit, journal, nowMs)?.times ?? 0) >= LOOPING_TIMES;

const ageOf = (since: string | null, nowMs: number): { ageSeconds: number; age: string } => {
  if (since === null) return { ageSeconds: Infinity, age: '' };
  const ageSeconds = secondsSince(since, nowMs);
  return { ageSeconds, age: ` for ${formatSeconds(ageSeconds)}` };
};

/** systemd's own socket is open before the unit, and nobody answers there. */
const withPort = (health: Observed<Facts['healthAnswer']> | undefined, ageSeconds: number): Confidence =>
  health !== undefined && isSilent(health.fact) ? withoutPort(ageSeconds) : 'possible';

const withoutPort = (ageSeconds: number): Confidence =>
  ageSeconds < JUST_BEGUN_SECONDS ? 'likely' : 'confirmed';
