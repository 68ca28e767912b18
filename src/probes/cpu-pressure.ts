import { z } from 'zod';
import { defineHostProbe } from './define-probe.js';
import { PAUSE } from './shell/pause.js';
import { linesOf, refusal } from './shell/refuse.js';
import { parsePressure, Pressure } from './shell/pressure.js';

const CpuPressure = z.object({
  cores: z.int().positive(),
  load1: z.number().nonnegative(),
  load5: z.number().nonnegative(),
  load15: z.number().nonnegative(),
  /** Share of time in which some task waited for a core; null where the kernel has no PSI (< 4.20). */
  some: Pressure.nullable(),
  /** Shares (0..1) of all cores' time between the two samples. */
  busy: z.number().min(0).max(1),
  ioWait: z.number().min(0).max(1),
  /** Time that the hypervisor gave to others. */
  steal: z.number().min(0).max(1),
  lines: z.array(z.string()),
});
export type CpuPressure = z.infer<typeof CpuPressure>;

export const cpuPressure = defineHostProbe({
  id: 'cpu-pressure',
  fact: CpuPressure,
  runs: 'inline',
  source: () => 'cat /proc/loadavg /proc/pressure/cpu; head -1 /proc/stat',
  script: () => `read -r load </proc/loadavg && echo "load $load"
{ while read -r line; do echo "psi $line"; done </proc/pressure/cpu; } 2>/dev/null
while read -r line; do case $line in cpu*) echo "$line";; *) break;; esac; done </proc/stat
${PAUSE}
read -r line </proc/stat && echo "$line"`,

  parse(output) {
    const lines = linesOf(output.stdout);
    const load = lines.find((line) => line.startsWith('load '));
    const [first, second] = lines.filter((line) => /^cpu\s/.test(line));
    if (load === undefined || first === undefined || second === undefined)
      throw refusal('/proc/loadavg', output);
    const [, load1, load5, load15] = load.split(' ').map(Number);
    const some = lines.find((line) => line.startsWith('psi some'));
    return {
      cores: lines.filter((line) => /^cpu\d/.test(line)).length,
      load1: load1 ?? NaN,
      load5: load5 ?? NaN,
      load15: load15 ?? NaN,
      some: some === undefined ? null : parsePressure(some),
      ...shares(first, second),
      lines: [load.replace(/^load/, 'loadavg'), ...(some === undefined ? [] : [some.replace(/^psi/, 'cpu')])],
    };
  },
});

/** Columns of /proc/stat: user nice system idle iowait irq softirq steal (guest is counted in user already). */
function shares(first: string, second: string): { busy: number; ioWait: number; steal: number } {
  const columns = (line: string): number[] => line.split(/\s+/).slice(1, 9).map(Number);
  const before = columns(first);
  const delta = columns(second).map((value, column) => Math.max(value - (before[column] ?? 0), 0));
  const total = Math.max(
    delta.reduce((sum, value) => sum + value, 0),
    1,
  );
  const share = (column: number): number => (delta[column] ?? 0) / total;
  return { busy: 1 - share(3) - share(4), ioWait: share(4), steal: share(7) };
}
