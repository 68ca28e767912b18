import { z } from 'zod';
import { defineHostProbe } from './define-probe.js';
import { parsePressure, Pressure } from './shell/pressure.js';
import { linesOf, refusal } from './shell/refuse.js';

const Memory = z.object({
  totalBytes: z.int().positive(),
  availableBytes: z.int().nonnegative(),
  swapTotalBytes: z.int().nonnegative(),
  swapFreeBytes: z.int().nonnegative(),
  /** Share of time in which every task waited for memory; null where the kernel has no PSI. */
  full: Pressure.nullable(),
  /** OOM kills since boot; null before Linux 4.13. */
  oomKills: z.int().nonnegative().nullable(),
  lines: z.array(z.string()),
});
export type Memory = z.infer<typeof Memory>;

export const memory = defineHostProbe({
  id: 'memory',
  fact: Memory,
  runs: 'inline',
  source: () => 'cat /proc/meminfo /proc/pressure/memory /proc/vmstat',
  script: () => `for file in /proc/meminfo /proc/pressure/memory /proc/vmstat; do
  while read -r line; do
    case $line in
    MemTotal:*|MemAvailable:*|SwapTotal:*|full*) echo "$line";;
    SwapFree:*|'oom_kill '*) echo "$line"; break;;
    esac
  done 2>/dev/null <"$file"
done
:`,

  parse(output) {
    const lines = linesOf(output.stdout);
    const kibibytes = (name: string): number => {
      const line = lines.find((candidate) => candidate.startsWith(`${name}:`));
      if (line === undefined) throw refusal('/proc/meminfo', output);
      return Number(line.split(/\s+/)[1]) * 1024;
    };
    const full = lines.find((line) => line.startsWith('full'));
    const kills = lines.find((line) => line.startsWith('oom_kill '));
    return {
      totalBytes: kibibytes('MemTotal'),
      availableBytes: kibibytes('MemAvailable'),
      swapTotalBytes: kibibytes('SwapTotal'),
      swapFreeBytes: kibibytes('SwapFree'),
      full: full === undefined ? null : parsePressure(full),
      oomKills: kills === undefined ? null : Number(kills.split(' ')[1]),
      lines,
    };
  },
});
