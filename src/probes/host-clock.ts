import { z } from 'zod';
import { defineHostProbe } from './define-probe.js';
import { UPTIME, uptimeOf } from './shell/pause.js';
import { linesOf, refusal } from './shell/refuse.js';

const HostClock = z.object({
  /** What the host believes the time is: journal and unit times are by this clock. */
  now: z.iso.datetime(),
  uptimeSeconds: z.number().nonnegative(),
});
export type HostClock = z.infer<typeof HostClock>;

export const hostClock = defineHostProbe({
  id: 'host-clock',
  fact: HostClock,
  runs: 'inline',
  source: () => 'date; cat /proc/uptime',
  script: () => `date +%s.%N
${UPTIME}`,

  parse(output) {
    const [clock = '', ...rest] = linesOf(output.stdout);
    const up = rest.find((line) => line.startsWith('up ')) ?? '';
    // busybox prints %N as it stands.
    const [seconds = '', fraction = ''] = clock.split('.');
    const milliseconds = /^\d{3}/.exec(fraction)?.[0] ?? '0';
    if (!/^\d+$/.test(seconds)) throw refusal('date', output);
    return {
      now: new Date(Number(seconds) * 1000 + Number(milliseconds)).toISOString(),
      uptimeSeconds: uptimeOf(up),
    };
  },
});
