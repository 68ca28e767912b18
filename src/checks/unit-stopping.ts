import type { UnitJournal } from '../probes/unit-journal.js';
import { defineHostCheck, type Observed, type Quote } from './define-check.js';
import { formatSeconds, hostNow, secondsSince } from './host/clock.js';
import { propertyLines } from './host/last-run.js';
import { onPort } from './host/port.js';
import { endedByItself, isDying, lastOrder } from './host/restarts.js';

const MAX_QUOTED = 3;

/** A unit that was told to stop and is not done: it takes no request any more, and no new run begins before it ends. */
export const unitStopping = defineHostCheck({
  id: 'unit-stopping',
  cause: 'not-started',
  title: 'Unit is still stopping',
  refutedBy: 'a unit that is active, or that has ended',
  needs: ['unitState'],
  uses: ['listenSockets', 'unitJournal', 'hostClock'],

  evaluate({ unitState, listenSockets, unitJournal, hostClock }, { service, now }) {
    const { id, activeState, subState, stateChangeAt } = unitState.fact;
    if (activeState !== 'deactivating')
      return { status: 'passed', summary: `${id} is ${activeState} (${subState})` };
    if (isDying(unitState.fact))
      return { status: 'skipped', reason: `${id} ends what its crash left: see unit-failed` };

    const listens = listenSockets !== undefined && onPort(listenSockets.fact, service).length > 0;
    const { since, byItself } = whoStopped(unitJournal?.fact, stateChangeAt);
    const age = since === null ? '' : ` for ${formatSeconds(secondsSince(since, hostNow(hostClock, now)))}`;
    return {
      status: 'failed',
      // While its port is open it may still answer.
      confidence: listens ? 'possible' : 'confirmed',
      summary: `${id} has been stopping${age} (${subState})${byItself}${listens ? ', and its port is still open' : ''}`,
      evidence: [
        { from: unitState, excerpt: propertyLines(unitState.fact, ['ActiveState', 'SubState', 'MainPID']) },
        ...tailOf(unitJournal),
      ],
      ...(since === null ? {} : { since }),
    };
  },
});

const whoStopped = (journal: UnitJournal | undefined, stateChangeAt: string | null) =>
  endedByItself(journal)
    ? { since: stateChangeAt, byItself: ', since its main process ended by itself' }
    : { since: lastOrder(journal)?.at ?? stateChangeAt, byItself: '' };

const tailOf = (journal: Observed<UnitJournal> | undefined): Quote[] => {
  const said = journal?.fact.lines.slice(-MAX_QUOTED).map(({ line }) => line) ?? [];
  return journal === undefined || said.length === 0 ? [] : [{ from: journal, excerpt: said.join('\n') }];
};
