import { z } from 'zod';
import { defineHostProbe } from './define-probe.js';
import { findProcesses, MAX_PROCESSES } from './shell/find-processes.js';
import { PAUSE, UPTIME, uptimeOf } from './shell/pause.js';
import { linesOf, refusal } from './shell/refuse.js';

const Process = z.object({
  pid: z.int().positive(),
  parentPid: z.int().nonnegative(),
  command: z.string(),
  /** R runs, S sleeps, D waits for a disk, Z is dead. */
  state: z.string().length(1),
  /** Of one core, between the two samples (1 = a whole core); null when it ended or began between them. */
  cpuShare: z.number().nonnegative().nullable(),
  /** Share of the time between the samples in which its main thread could run and waited for a core; null where not told. */
  delayShare: z.number().nonnegative().nullable().default(null),
  threads: z.int().nonnegative(),
  ageSeconds: z.number().nonnegative(),
  /** Where it sleeps in the kernel; empty where that may not be read. */
  waitsIn: z.string(),
  /** Open files; null where they may not be counted (other login, Linux < 6.2). */
  openFiles: z.int().nonnegative().nullable(),
  openFilesLimit: z.int().nonnegative().nullable(),
});
export type Process = z.infer<typeof Process>;

/** The unit's processes; without a known unit, those that listen on the port. */
const UnitProcesses = z.object({
  unit: z.string().nullable(),
  /** All of them; `processes` holds at most 64. */
  count: z.int().nonnegative(),
  seconds: z.number().positive(),
  processes: z.array(Process),
});
export type UnitProcesses = z.infer<typeof UnitProcesses>;

/** USER_HZ: what /proc counts CPU time in, on every architecture that systemd runs on. */
const TICKS_PER_SECOND = 100;

const STATS = `${UPTIME}
for pid in $pids; do
  { read -r line <"/proc/$pid/stat"; } 2>/dev/null && echo "stat $line"
  { read -r line <"/proc/$pid/schedstat"; } 2>/dev/null && echo "sched $pid $line"
done`;

export const unitProcesses = defineHostProbe({
  id: 'unit-processes',
  fact: UnitProcesses,
  runs: 'inline',
  source: () => 'cat /proc/PID/stat (twice), /proc/PID/limits for each process of the unit',
  script: (service) => `${findProcesses(service)}
${STATS}
${PAUSE}
${STATS}
set --
for pid in $pids; do
  line=
  { read -r line <"/proc/$pid/wchan"; } 2>/dev/null
  echo "wchan $pid $line"
  { while read -r line; do
    case $line in 'Max open files'*) echo "/proc/$pid/limits:$line"; break;; esac
  done <"/proc/$pid/limits"; } 2>/dev/null
  set -- "$@" "/proc/$pid/fd"
done
sizes=
[ $# -gt 0 ] && sizes=$(stat -c 'files %n %s' "$@" 2>/dev/null)
echo "$sizes"
case $sizes in *'/fd 0'*)
  # Linux < 6.2 says 0; counting needs the same login or root.
  for dir in "$@"; do
    set -- "$dir"/*
    [ -L "$1" ] && echo "files $dir $#"
  done;;
esac
:`,

  parse(output) {
    const lines = linesOf(output.stdout);
    const count = /^processes (\d+)$/m.exec(output.stdout)?.[1];
    const ups = lines.filter((line) => line.startsWith('up ')).map(uptimeOf);
    const [up, upAgain] = ups;
    if (count === undefined || up === undefined || upAgain === undefined) throw refusal('sh', output);
    const split = lines.findLastIndex((line) => line.startsWith('up '));
    const before = new Map(statsOf(lines.slice(0, split)).map((stat) => [stat.pid, stat]));
    const [delaysBefore, delaysAfter] = [delaysOf(lines.slice(0, split)), delaysOf(lines.slice(split))];
    const seconds = Math.max(upAgain - up, 0.01);
    return {
      unit: /^unit (.+)$/m.exec(output.stdout)?.[1] ?? null,
      count: Number(count),
      seconds,
      // The snippet keeps to the same limit; a host that does not must not cost minutes here.
      processes: statsOf(lines.slice(split))
        .slice(0, MAX_PROCESSES)
        .map(({ ticks, startTicks, ...stat }) => {
          const earlier = before.get(stat.pid);
          return {
            ...stat,
            cpuShare:
              earlier === undefined ? null : Math.max(ticks - earlier.ticks, 0) / TICKS_PER_SECOND / seconds,
            delayShare: grown(delaysBefore.get(stat.pid), delaysAfter.get(stat.pid), seconds),
            ageSeconds: Math.max(upAgain - startTicks / TICKS_PER_SECOND, 0),
            ...detailsOf(stat.pid, lines),
          };
        }),
    };
  },
});

type Stat = Pick<Process, 'pid' | 'parentPid' | 'command' | 'state' | 'threads'> & {
  ticks: number;
  startTicks: number;
};

/** man 5 proc: `pid (comm) state ppid …`; comm may hold spaces and parentheses, so split after the last one. */
function statsOf(lines: string[]): Stat[] {
  return lines
    .filter((line) => line.startsWith('stat '))
    .map((line) => {
      const end = line.lastIndexOf(')');
      const rest = line.slice(end + 2).split(' ');
      const field = (number: number): number => Number(rest[number - 3]);
      return {
        pid: Number(line.split(' ')[1]),
        command: line.slice(line.indexOf('(') + 1, end),
        state: rest[0] ?? '',
        parentPid: field(4),
        ticks: field(14) + field(15),
        threads: field(20),
        startTicks: field(22),
      };
    });
}

/** Seconds that each process has waited for a core: the second number of /proc/PID/schedstat, in nanoseconds. */
const delaysOf = (lines: string[]): Map<number, number> =>
  new Map(
    lines.flatMap((line) => {
      const [, pid, waited] = /^sched (\d+) \d+ (\d+) \d+$/.exec(line) ?? [];
      return pid === undefined || waited === undefined ? [] : [[Number(pid), Number(waited) / 1e9] as const];
    }),
  );

const grown = (before: number | undefined, after: number | undefined, seconds: number): number | null =>
  before === undefined || after === undefined ? null : Math.max(after - before, 0) / seconds;

function detailsOf(pid: number, lines: string[]): Pick<Process, 'waitsIn' | 'openFiles' | 'openFilesLimit'> {
  const waits = lines.find((line) => line.startsWith(`wchan ${pid} `))?.split(' ')[2] ?? '';
  const files = lines
    .filter((line) => line.startsWith(`files /proc/${pid}/fd `))
    .map((line) => Number(line.split(' ')[2]));
  const limit = lines.find((line) => line.startsWith(`/proc/${pid}/limits:`)) ?? '';
  const soft = /Max open files\s+(\d+)/.exec(limit)?.[1];
  const openFiles = Math.max(0, ...files);
  return {
    waitsIn: waits === '0' ? '' : waits,
    openFiles: openFiles === 0 ? null : openFiles,
    openFilesLimit: soft === undefined ? null : Number(soft),
  };
}
