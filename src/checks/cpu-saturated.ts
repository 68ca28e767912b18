import { countOf } from '../model/words.js';
import type { Confidence } from '../model/cause.js';
import type { WorkersDoing } from '../model/finding.js';
import type { Service } from '../model/service.js';
import type { Facts } from '../probes/index.js';
import type { Observed, Quote } from './define-check.js';
import { defineHostCheck } from './define-check.js';
import { percent } from './host/clock.js';
import { summariseWorkers, useOfCpu } from './host/workers.js';
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
  refutedBy: 'tasks that need not wait for a core, and no quota used up',
  needs: ['cpuPressure'],
  uses: ['unitCgroup', 'unitProcesses', 'listenSockets'],

  evaluate({ cpuPressure, unitCgroup, unitProcesses, listenSockets }, { service }) {
    const throttled = unitCgroup && throttling(unitCgroup);
    const reasons = [...hostReasons(cpuPressure.fact), ...(throttled ? [throttled.reason] : [])];
    if (reasons.length === 0) return { status: 'passed', summary: describePressure(cpuPressure.fact) };

    const queue = listenSockets && waitingQueue(listenSockets, service);
    const want = wantOf(unitProcesses?.fact, unitCgroup?.fact, cpuPressure.fact.cores);
    const numbers = [describeLoad(cpuPressure.fact), ...(queue ? [queue.words] : [])].join(', ');
    const pressure: Quote = { from: cpuPressure, excerpt: cpuPressure.fact.lines.join('\n') };
    const effect = effectOf(want, throttled !== undefined, queue !== undefined);
    return {
      status: 'failed',
      summary: `${reasons.join('; ')} (${numbers})${effect.confidence === 'possible' ? SPARED : ''}`,
      evidence: [pressure, ...[throttled, queue].flatMap((sign) => sign?.quote ?? [])],
      ...effect,
      remediations: ['drain-host'],
    };
  },
});

/** Busy is not slow: requests that wait, and workers that want a core, show that it hurts. */
function effectOf(
  want: Want,
  throttled: boolean,
  waits: boolean,
): { confidence: Confidence; workers?: WorkersDoing } {
  if (want === 'none' || want === null) {
    if (!throttled) return { confidence: want === 'none' ? 'possible' : 'likely' };
    return { confidence: waits ? 'confirmed' : 'likely' };
  }
  return { confidence: waits ? 'confirmed' : 'likely', workers: want };
}

export const USED_UP = 'was used up';
export const SPARED = "; the service's own workers neither use nor want one";

/** Whether the unit's workers want a core: they use one, wait for one, or do neither; null where that is not known. */
type Want = 'compute' | 'starve' | 'none' | null;
function wantOf(
  processes: Facts['unitProcesses'] | undefined,
  cgroup: Facts['unitCgroup'] | undefined,
  cores: number,
): Want {
  const workers = processes && summariseWorkers(processes, undefined);
  const use = workers === undefined || workers.count === 0 ? null : useOfCpu(workers, cores);
  if (use === 'asleep') return 'none';
  return use ?? ((cgroup?.cpuSome?.avg10 ?? 0) >= PRESSURE.avg10 ? 'starve' : null);
}

/** Connections that wait for a worker; undefined where none does. */
function waitingQueue(
  from: Observed<Facts['listenSockets']>,
  service: Service,
): { words: string; quote: Quote } | undefined {
  const queue = fullestQueue(onPort(from.fact, service));
  const queued = queue === undefined ? 0 : steadyQueue(queue);
  return queue === undefined || queued === 0
    ? undefined
    : { words: `${countOf(queued, 'connection')} waiting`, quote: { from, excerpt: queue.line } };
}

const describeLoad = ({ load1, cores }: Facts['cpuPressure']): string =>
  `load ${load1.toFixed(1)} on ${countOf(cores, 'core')}`;

const describePressure = (fact: Facts['cpuPressure']): string =>
  `${describeLoad(fact)}${fact.some === null ? '' : `, CPU pressure ${Math.round(fact.some.avg10)} %`}`;

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
    reason: `the CPU quota of ${unit} ${USED_UP} in ${throttledPeriods} of ${periods} periods`,
    quote: { from: cgroup, excerpt: lines.filter((line) => line.includes('nr_')).join('\n') },
  };
}
