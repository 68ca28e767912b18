import { countOf } from '../model/words.js';
import { defineHostCheck } from './define-check.js';
import { formatSeconds, hostNow } from './host/clock.js';
import { propertyLines } from './host/last-run.js';
import { ordersToStop } from './host/restarts.js';

/** A deploy restarts a unit once, or twice; who tries things by hand, three times. Ours. */
const MANY_ORDERS = 4;
/** So many within a minute leave no time to be asked by a balancer, which wants good checks in a row. Ours. */
const SURE_ORDERS = 5;
const WINDOW_SECONDS = 120;
/** The last of them longer ago: it was left alone since. Ours. */
const GOES_ON_SECONDS = 45;

/** No crash: each run ends by an order. A watchdog that asks the wrong question, a timer, two deploys that fight. */
export const unitRestartedRepeatedly = defineHostCheck({
  id: 'unit-restarted-repeatedly',
  cause: 'not-started',
  title: 'Unit is restarted again and again',
  refutedBy: 'a unit that nobody told to stop for a minute',
  needs: ['unitState', 'unitJournal'],
  uses: ['hostClock'],

  evaluate({ unitState, unitJournal, hostClock }, { now }) {
    const { id, activeState } = unitState.fact;
    if (activeState === 'inactive' || activeState === 'failed')
      return { status: 'passed', summary: `${id} is ${activeState}, and not started again` };
    const orders = ordersToStop(unitJournal.fact, hostNow(hostClock, now) - WINDOW_SECONDS * 1000);
    const [first, last] = [orders[0], orders.at(-1)];
    const told = `${id} was told to stop ${countOf(orders.length, 'time')} in ${formatSeconds(WINDOW_SECONDS)}`;
    if (first === undefined || last === undefined || orders.length < MANY_ORDERS)
      return { status: 'passed', summary: told };
    const agoSeconds = (hostNow(hostClock, now) - Date.parse(last.at)) / 1000;
    if (agoSeconds > GOES_ON_SECONDS)
      return { status: 'passed', summary: `${told}, the last time ${formatSeconds(agoSeconds)} ago` };
    const inAMinute = orders.filter(({ at }) => Date.parse(last.at) - Date.parse(at) <= 60_000).length;
    return {
      status: 'failed',
      confidence: inAMinute >= SURE_ORDERS ? 'confirmed' : 'possible',
      summary: `somebody restarts ${id} again and again: told to stop ${countOf(orders.length, 'time')} in ${formatSeconds(WINDOW_SECONDS)}, it did not crash`,
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
