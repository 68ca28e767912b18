import { z } from 'zod';
import { defineHostProbe } from './define-probe.js';
import { findGroup } from './shell/find-processes.js';
import { PAUSE } from './shell/pause.js';
import { parsePressure, Pressure } from './shell/pressure.js';
import { linesOf } from './shell/refuse.js';
import { unitOrRefuse } from './shell/unit-or-refuse.js';

/** Limits that the kernel holds the unit to. Null where its controller is off or the unit has no processes. */
const UnitCgroup = z.object({
  unit: z.string(),
  path: z.string(),
  memoryBytes: z.int().nonnegative().nullable(),
  /** Null also when unlimited. */
  memoryLimitBytes: z.int().nonnegative().nullable(),
  /** Since the unit's cgroup was made, that is since its last start. */
  oomKills: z.int().nonnegative().nullable(),
  /** Scheduling periods between the two samples, and those in which the quota was used up. */
  periods: z.int().nonnegative().nullable(),
  throttledPeriods: z.int().nonnegative().nullable(),
  /** Cores that the unit may use; null also when unlimited. */
  cpuQuota: z.number().positive().nullable().default(null),
  /** Time in which some process of the unit waited for a core; null before cgroup v2 or without PSI. */
  cpuSome: Pressure.nullable().default(null),
  tasks: z.int().nonnegative().nullable(),
  tasksLimit: z.int().nonnegative().nullable(),
  lines: z.array(z.string()),
});
export type UnitCgroup = z.infer<typeof UnitCgroup>;

/** cgroup v1 says "no limit" with the largest page-aligned number. */
const UNLIMITED_V1 = 2 ** 60;

export const unitCgroup = defineHostProbe({
  id: 'unit-cgroup',
  fact: UnitCgroup,
  runs: 'inline',
  source: () => 'grep . /sys/fs/cgroup/system.slice/UNIT/{memory.events,memory.max,cpu.stat}',
  script: (service) => `${findGroup(service)}
echo "unit $unit"
echo "group $group"
throttled() {
  [ -n "$group" ] || return 0
  for file in "/sys/fs/cgroup$group/cpu.stat" "/sys/fs/cgroup/cpu,cpuacct$group/cpu.stat" "/sys/fs/cgroup/cpu$group/cpu.stat"; do
    [ -r "$file" ] || continue
    while read -r line; do case $line in nr_*) echo "$1:$line";; esac; done <"$file"
    break
  done
}
for file in memory.current memory.max memory.events pids.current pids.max cpu.pressure cpu.max \\
  cpu:cpu.cfs_quota_us cpu:cpu.cfs_period_us cpu,cpuacct:cpu.cfs_quota_us cpu,cpuacct:cpu.cfs_period_us \\
  memory:memory.usage_in_bytes memory:memory.limit_in_bytes memory:memory.oom_control pids:pids.current pids:pids.max; do
  case $file in *:*) file=/sys/fs/cgroup/\${file%%:*}$group/\${file#*:};; *) file=/sys/fs/cgroup$group/$file;; esac
  [ -n "$group" ] && [ -r "$file" ] || continue
  { while read -r line; do echo "$file:$line"; done <"$file"; } 2>/dev/null
done
throttled before
${PAUSE}
throttled after`,

  parse(output, service) {
    const unit = unitOrRefuse(output, service);
    const lines = linesOf(output.stdout);
    const value = (pattern: RegExp): number | null => {
      const found = lines.map((line) => pattern.exec(line)?.[1]).find((match) => match !== undefined);
      return found === undefined ? null : Number(found);
    };
    const limit = value(/memory\.(?:max|limit_in_bytes):(\d+)$/);
    const growth = (name: string): number | null => {
      const before = value(new RegExp(`^before:${name} (\\d+)`));
      const after = value(new RegExp(`^after:${name} (\\d+)`));
      return before === null || after === null ? null : Math.max(after - before, 0);
    };
    return {
      unit,
      path: /^group ?(.*)$/m.exec(output.stdout)?.[1] ?? '',
      memoryBytes: value(/memory\.(?:current|usage_in_bytes):(\d+)$/),
      memoryLimitBytes: limit !== null && limit >= UNLIMITED_V1 ? null : limit,
      oomKills: value(/memory\.(?:events|oom_control):oom_kill (\d+)$/),
      periods: growth('nr_periods'),
      throttledPeriods: growth('nr_throttled'),
      cpuQuota: quotaOf(lines),
      cpuSome: pressureOf(lines.find((line) => line.includes('cpu.pressure:some '))),
      tasks: value(/pids\.current:(\d+)$/),
      tasksLimit: value(/pids\.max:(\d+)$/),
      lines: lines.filter((line) => line.startsWith('/') || line.startsWith('after:')),
    };
  },
});

/** v2: `50000 100000` or `max 100000`; v1: two files, -1 for no quota. */
const quotaOf = (lines: readonly string[]): number | null => {
  const find = (pattern: RegExp) => lines.map((line) => pattern.exec(line)).find((match) => match !== null);
  const [, max, of] = find(/cpu\.max:(\d+) (\d+)$/) ?? [];
  const quota = Number(max ?? find(/cpu\.cfs_quota_us:(\d+)$/)?.[1]);
  const period = Number(of ?? find(/cpu\.cfs_period_us:(\d+)$/)?.[1]);
  return quota > 0 && period > 0 ? quota / period : null;
};

const pressureOf = (line: string | undefined): Pressure | null =>
  line === undefined ? null : parsePressure(line);
