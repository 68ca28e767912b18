import type { UnitCgroup } from '../probes/unit-cgroup.js';
import { defineHostCheck } from './define-check.js';
import { hostNow } from './host/clock.js';
import { isFresh, isOfRunBefore, kernelSaidRecently, saidRecently } from './host/said.js';

/** Of the limit. The kernel refuses the task that would pass it, so the last one is as good as none. */
const NEARLY_ALL = 0.95;
/** Python, the JVM, shells and Node, when clone() gives EAGAIN. */
const SAID =
  /can't start new thread|unable to create (?:new )?native thread|fork: (?:retry: )?Resource temporarily unavailable|BlockingIOError: \[Errno 11\] Resource temporarily unavailable|(?:fork|spawn|clone|pthread_create)\b.{0,40}(?:EAGAIN|Resource temporarily unavailable)/i;
const KERNEL_SAID = /fork rejected by pids controller/;

/** `TasksMax=`: no thread or process more, whatever CPU and memory are left. */
export const tasksExhausted = defineHostCheck({
  id: 'tasks-exhausted',
  cause: 'overload',
  title: 'Threads and processes are used up',
  refutedBy: 'a unit below 95 % of its tasks, and a log without failed forks',
  needs: ['unitCgroup'],
  uses: ['unitJournal', 'unitState', 'hostJournal', 'hostClock'],

  evaluate({ unitCgroup, unitJournal, unitState, hostJournal, hostClock }, { now }) {
    const { unit, lines } = unitCgroup.fact;
    const nowMs = hostNow(hostClock, now);
    const kernel = kernelSaidRecently(hostJournal, KERNEL_SAID, nowMs);
    const heard =
      saidRecently(unitJournal, SAID, nowMs) ?? (kernel?.message.includes(unit) ? kernel : undefined);
    const atLimit = isAtLimit(unitCgroup.fact);
    const numbers = numbersOf(unitCgroup.fact);
    // There is room now: what was said before is over.
    const isOn = isFresh(heard, nowMs) && !isOfRunBefore(heard, unitState);
    const said = atLimit || isOn ? heard : undefined;
    if (!atLimit && said === undefined) return { status: 'passed', summary: numbers };
    const from = {
      from: unitCgroup,
      excerpt: lines.filter((line) => line.includes('pids.')).join('\n') || numbers,
    };
    const base = { status: 'failed', remediations: ['restart-service'] } as const;
    // At the limit by design is no trouble: somebody must have wanted one more.
    if (said === undefined) return { ...base, confidence: 'possible', summary: numbers, evidence: [from] };
    return {
      ...base,
      confidence: atLimit ? 'confirmed' : 'likely',
      summary: `${numbers}: no more can be started`,
      evidence: [from, said.quote],
      since: said.at,
    };
  },
});

const isAtLimit = ({ tasks, tasksLimit }: UnitCgroup): boolean =>
  tasks !== null && tasksLimit !== null && tasks >= NEARLY_ALL * tasksLimit;

const numbersOf = ({ unit, tasks, tasksLimit }: UnitCgroup): string =>
  `${String(tasks ?? 'unknown number of')} of ${String(tasksLimit ?? 'unlimited')} threads and processes in ${unit}`;
