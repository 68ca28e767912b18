import { countOf } from '../model/words.js';
import type { UnitJournal } from '../probes/unit-journal.js';
import { defineHostCheck } from './define-check.js';
import { formatSeconds, hostNow, secondsSince } from './host/clock.js';
import { propertyLines } from './host/last-run.js';
import { endedByItself, failuresSince, ordersToStop } from './host/restarts.js';

/** A deploy restarts a unit once, or twice; who tries things by hand, three times. Ours. */
const MANY_ORDERS = 4;
/** So many within a minute are no person's. Ours. */
const FAST_ORDERS = 5;
const FAST_SECONDS = 60;
const WINDOW_SECONDS = 120;
/** The last of them longer ago: it was left alone since. Ours. */
const GOES_ON_SECONDS = 30;

/**
 * Each run ends by an order, no crash: a watchdog that asks the wrong question, a timer, two deploys that fight. Never
 * sure: a watchdog may be right, and answer to what nobody here sees.
 */
export const unitRestartedRepeatedly = defineHostCheck({
  id: 'unit-restarted-repeatedly',
  cause: 'not-started',
  title: 'Unit is restarted again and again',
  refutedBy: 'a unit that nobody told to stop of late',
  needs: ['unitState', 'unitJournal'],
  uses: ['hostClock'],

  evaluate({ unitState, unitJournal, hostClock }, { now }) {
    const { id, activeState } = unitState.fact;
    if (activeState === 'inactive' || activeState === 'failed')
      return { status: 'passed', summary: `${id} is ${activeState}, and not started again` };
    if (activeState === 'deactivating' && endedByItself(unitJournal.fact))
      return { status: 'passed', summary: `${id} ends, and nobody told it to` };
    const nowMs = hostNow(hostClock, now);
    const afterMs = nowMs - WINDOW_SECONDS * 1000;
    const orders = ordersToStop(unitJournal.fact, afterMs);
    const [first, last] = [orders[0], orders.at(-1)];
    const told = `${id} was told to stop ${countOf(orders.length, 'time')} in ${formatSeconds(WINDOW_SECONDS)}`;
    if (first === undefined || last === undefined || orders.length < MANY_ORDERS)
      return beginsWithin(unitJournal.fact, afterMs)
        ? { status: 'skipped', reason: 'what was read of its journal does not go back two minutes' }
        : { status: 'passed', summary: told };
    const agoSeconds = secondsSince(last.at, nowMs);
    if (agoSeconds > GOES_ON_SECONDS)
      return { status: 'passed', summary: `${told}, the last time ${formatSeconds(agoSeconds)} ago` };
    const fast = orders.filter(({ at }) => secondsSince(at, Date.parse(last.at)) <= FAST_SECONDS);
    const crashed = failuresSince(unitJournal.fact, afterMs) > 0;
    return {
      status: 'failed',
      confidence: fast.length >= FAST_ORDERS ? 'likely' : 'possible',
      summary: `${id} is told to stop and started again, again and again: ${countOf(orders.length, 'time')} in ${formatSeconds(WINDOW_SECONDS)}${crashed ? '' : '; it did not crash'}`,
      evidence: [
        { from: unitState, excerpt: propertyLines(unitState.fact, ['ActiveState', 'SubState', 'Result']) },
        {
          from: unitJournal,
          excerpt: orders
            .slice(-4)
            .map(({ line }) => line)
            .join('\n'),
        },
      ],
      since: first.at,
    };
  },
});

/** The newest lines only are read: what a start writes may fill them. */
const beginsWithin = ({ lines }: UnitJournal, afterMs: number): boolean =>
  lines[0] !== undefined && Date.parse(lines[0].at) >= afterMs;
