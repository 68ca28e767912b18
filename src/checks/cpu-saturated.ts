import type { Facts } from '../probes/index.js';
import type { Observed, Quote } from './define-check.js';
import { defineHostCheck } from './define-check.js';
import { percent } from './host/clock.js';
import { fullestQueue, onPort, steadyQueue } from './host/port.js';

/** Percent of time in which some task waited for a core. Ours; one busy neighbour on two cores stays below. */
const PRESSURE = { avg10: 40, avg60: 25 };
/** With this little idle time, and this many runnable tasks for each core, where the kernel has no PSI. */
const BUSY = 0.95;
const LOAD_PER_CORE = 2;
/** Share of the time that the hypervisor gives to others. Ours. */
const STEAL = 0.1;
/** Share of scheduling periods in which the unit's CPU quota was used up. Ours. */
const THROTTLED = 0.25;
/** Fewer periods (of 100 ms) than this say nothing. */
const MIN_PERIODS = 3;

export const cpuSaturated = defineHostCheck({
  id: 'cpu-saturated',
  cause: 'overload',
  title: 'CPU is saturated',
  needs: ['cpuPressure'],
  uses: ['unitCgroup', 'listenSockets'],

  evaluate({ cpuPressure, unitCgroup, listenSockets }, { service }) {
    const load = describeLoad(cpuPressure.fact);
    const throttled = unitCgroup && throttling(unitCgroup);
    const reasons = [...hostReasons(cpuPressure.fact), ...(throttled ? [throttled.reason] : [])];
    if (reasons.length === 0) {
      return { status: 'passed', summary: load };
    }
    const queue = listenSockets && fullestQueue(onPort(listenSockets.fact, service));
    const queued = queue === undefined ? 0 : steadyQueue(queue);
    const waits = listenSockets !== undefined && queue !== undefined && queued > 0;
    return {
      status: 'failed',
      // Busy is not slow: only requests that wait show that it hurts.
      confidence: waits ? 'confirmed' : 'likely',
      summary: `${reasons.join('; ')} (${load}${waits ? `, ${queued} connections wait` : ''})`,
      evidence: [
        { from: cpuPressure, excerpt: cpuPressure.fact.lines.join('\n') },
        ...(throttled ? [throttled.quote] : []),
        ...(waits ? [{ from: listenSockets, excerpt: queue.line }] : []),
      ],
      remediations: ['drain-host'],
    };
  },
});

const describeLoad = ({ load1, cores, some }: Facts['cpuPressure']): string =>
  `load ${load1.toFixed(1)} on ${cores} cores${some === null ? '' : `, CPU pressure ${Math.round(some.avg10)} %`}`;

function hostReasons({ some, busy, steal, load1, cores }: Facts['cpuPressure']): string[] {
  const reasons: string[] = [];
  if (some !== null && some.avg10 >= PRESSURE.avg10 && some.avg60 >= PRESSURE.avg60) {
    reasons.push(`tasks wait for a core ${Math.round(some.avg10)} % of the time`);
  }
  if (some === null && busy >= BUSY && load1 >= LOAD_PER_CORE * cores) {
    reasons.push(`${load1.toFixed(1)} tasks run or wait on ${cores} cores, ${percent(busy)} busy`);
  }
  if (steal >= STEAL) reasons.push(`the hypervisor gives ${percent(steal)} of the CPU to others`);
  return reasons;
}

function throttling(cgroup: Observed<Facts['unitCgroup']>): { reason: string; quote: Quote } | undefined {
  const { unit, periods, throttledPeriods, lines } = cgroup.fact;
  if (periods === null || throttledPeriods === null) return undefined;
  if (periods < MIN_PERIODS || throttledPeriods / periods < THROTTLED) return undefined;
  return {
    reason: `the CPU quota of ${unit} was used up in ${throttledPeriods} of ${periods} periods`,
    quote: { from: cgroup, excerpt: lines.filter((line) => line.includes('nr_')).join('\n') },
  };
}
