import type { Confidence } from '../model/cause.js';
import { countOf } from '../model/words.js';
import type { Facts } from '../probes/index.js';
import type { Memory } from '../probes/memory.js';
import type { UnitState } from '../probes/unit-state.js';
import type { Observed, Quote } from './define-check.js';
import { defineHostCheck } from './define-check.js';
import { formatBytes, hostNow, percent } from './host/clock.js';
import { propertyLines } from './host/last-run.js';
import { isFresh, kernelSaidRecently, saidRecently, type Said } from './host/said.js';

/** Of all memory. Ours: below it the kernel is busy with finding pages. */
const LITTLE_AVAILABLE = 0.05;
/** Percent of time in which every task waits for memory. Ours; systemd-oomd kills at 60 % for 30 s. */
const FULL_PRESSURE = 10;
/** Of the unit's own limit. */
const NEAR_LIMIT = 0.95;
/** A main process that lived no longer was killed as it began: the service has not started. Ours. */
const START_SECONDS = 10;
const KERNEL_KILL = /Out of memory: Killed process|oom-kill:|Memory cgroup out of memory/i;
const UNIT_KILL = /killed by the OOM killer|Failed with result 'oom-kill'|systemd-oomd killed/i;

/** A master on the end of its worker: gunicorn 20 and later, uWSGI, nginx. */
const WORKER_KILLED =
  /terminated due to signal 9\b|sent SIGKILL! Perhaps out of memory|died, killed by signal 9\b|exited on signal 9\b/;

type Sign = {
  confidence: Confidence;
  summary: string;
  quote: Quote;
  since?: string;
  /** Of a process of the unit itself. */
  ofUnit?: true;
};

export const memoryExhausted = defineHostCheck({
  id: 'memory-exhausted',
  cause: 'overload',
  title: 'Memory is exhausted',
  refutedBy: 'memory to spare, and no trace of an OOM kill',
  needs: ['memory'],
  uses: ['hostJournal', 'unitCgroup', 'unitState', 'unitJournal', 'hostClock'],

  evaluate({ memory, hostJournal, unitCgroup, unitState, unitJournal, hostClock }, { now }) {
    const nowMs = hostNow(hostClock, now);
    const unit = unitState?.fact.id ?? unitCgroup?.fact.unit;
    const signs = [
      unitState && ofUnit(unitState),
      own(saidSign('confirmed', 'a process of the unit', saidRecently(unitJournal, UNIT_KILL, nowMs))),
      ofKernel(kernelSaidRecently(hostJournal, KERNEL_KILL, nowMs), unit),
      ...(unitCgroup === undefined ? [] : ofCgroup(unitCgroup, deathNow(unitJournal, nowMs))),
      ofHost(memory),
    ].filter((sign) => sign !== undefined);
    const [first] = signs;
    if (first === undefined) return { status: 'passed', summary: numbers(memory.fact) };

    const since = signs.find((sign) => sign.since !== undefined)?.since;
    return {
      status: 'failed',
      ...(diedAsItBegan(unitState?.fact, signs) ? { cause: 'not-started' as const } : {}),
      confidence: signs.some(({ confidence }) => confidence === 'confirmed') ? 'confirmed' : first.confidence,
      summary: `${signs.map(({ summary }) => summary).join('; ')} (${numbers(memory.fact)})`,
      evidence: signs.map(({ quote }) => quote),
      ...(since === undefined ? {} : { since }),
      remediations: ['restart-service'],
    };
  },
});

function ofUnit(state: Observed<Facts['unitState']>): Sign | undefined {
  const { id, result, activeState, inactiveEnterAt } = state.fact;
  if (result !== 'oom-kill' || activeState === 'active') return undefined;
  return {
    ofUnit: true,
    confidence: 'confirmed',
    summary: `the kernel killed ${id} for want of memory`,
    quote: { from: state, excerpt: propertyLines(state.fact, ['ActiveState', 'Result']) },
    ...(inactiveEnterAt === null ? {} : { since: inactiveEnterAt }),
  };
}

/** What nobody has used yet is not overloaded: it wants more memory than it may have to come up at all. */
const diedAsItBegan = (unit: UnitState | undefined, signs: readonly Sign[]): boolean => {
  // One that systemd started again may have served for days before.
  if (unit === undefined || unit.activeState === 'active' || unit.restarts > 0) return false;
  const { execMainStartAt, execMainExitAt } = unit;
  if (execMainStartAt === null || execMainExitAt === null || !signs.some(({ ofUnit }) => ofUnit))
    return false;
  const lived = Date.parse(execMainExitAt) - Date.parse(execMainStartAt);
  return lived >= 0 && lived < START_SECONDS * 1000;
};

const own = (sign: Sign | undefined): Sign | undefined => sign && { ...sign, ofUnit: true };

const saidSign = (confidence: Confidence, whom: string, said: Said | undefined): Sign | undefined =>
  said && {
    confidence,
    summary: `the kernel killed ${whom} for want of memory`,
    quote: said.quote,
    since: said.at,
  };

/** The kernel names the cgroup of whom it killed; another process's death may not have hurt this service. */
const ofKernel = (said: Said | undefined, unit: string | undefined): Sign | undefined =>
  unit !== undefined && said?.message.includes(unit)
    ? own(saidSign('confirmed', `a process of ${unit}`, said))
    : saidSign('likely', 'a process', said);

/** A worker that was killed within the last minute; the group's counter does not tell when. */
function deathNow(journal: Observed<Facts['unitJournal']> | undefined, nowMs: number): Said | undefined {
  const said = saidRecently(journal, WORKER_KILLED, nowMs);
  return isFresh(said, nowMs) ? said : undefined;
}

function ofCgroup(cgroup: Observed<Facts['unitCgroup']>, death: Said | undefined): Sign[] {
  const { unit, oomKills, memoryBytes, memoryLimitBytes, lines } = cgroup.fact;
  const signs: Sign[] = [];
  const quote = (pattern: RegExp): Quote => ({
    from: cgroup,
    excerpt: lines.filter((line) => pattern.test(line)).join('\n'),
  });
  if (oomKills !== null && oomKills > 0) {
    signs.push({
      ofUnit: true,
      confidence: death === undefined ? 'likely' : 'confirmed',
      summary: `${countOf(oomKills, 'OOM kill')} in ${unit} since its start`,
      quote: quote(/oom/),
    });
    if (death !== undefined)
      signs.push({
        confidence: 'confirmed',
        summary: 'a worker was killed just now',
        quote: death.quote,
        since: death.at,
      });
  }
  if (memoryBytes !== null && memoryLimitBytes !== null && memoryBytes >= NEAR_LIMIT * memoryLimitBytes) {
    // The kernel gives page cache back before it kills, so this alone proves little.
    signs.push({
      confidence: 'possible',
      summary: `${unit} uses ${formatBytes(memoryBytes)} of its ${formatBytes(memoryLimitBytes)}`,
      quote: quote(/memory\.(current|max|usage|limit)/),
    });
  }
  return signs;
}

function ofHost(memory: Observed<Memory>): Sign | undefined {
  const { totalBytes, availableBytes, full, lines } = memory.fact;
  const little = availableBytes <= LITTLE_AVAILABLE * totalBytes;
  const stalled = full !== null && full.avg10 >= FULL_PRESSURE;
  if (!little && !stalled) return undefined;
  return {
    confidence: little && stalled ? 'confirmed' : 'likely',
    summary: little
      ? 'hardly any memory is left'
      : `all tasks wait for memory ${Math.round(full?.avg10 ?? 0)} % of the time`,
    quote: { from: memory, excerpt: lines.join('\n') },
  };
}

const numbers = ({ totalBytes, availableBytes }: Memory): string =>
  `${formatBytes(availableBytes)} of ${formatBytes(totalBytes)} memory available, ${percent(availableBytes / totalBytes)}`;
