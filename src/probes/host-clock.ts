import { z } from 'zod';
import { defineHostProbe } from './define-probe.js';
import { linesOf, refusal } from './shell/refuse.js';

const HostClock = z.object({
  /** What the host believes the time is: journal and unit times are by this clock. */
  now: z.iso.datetime(),
  bootId: z.string(),
  uptimeSeconds: z.number().nonnegative(),
});
export type HostClock = z.infer<typeof HostClock>;

export const hostClock = defineHostProbe({
  id: 'host-clock',
  fact: HostClock,
  source: () => 'date; cat /proc/uptime /proc/sys/kernel/random/boot_id',
  script: () => `date +%s.%N
echo "boot $(cat /proc/sys/kernel/random/boot_id)"
read -r up </proc/uptime; echo "up $up"`,

  parse(output) {
    const [clock = '', boot = '', up = ''] = linesOf(output.stdout);
    // busybox prints %N as it stands.
    const [seconds = '', fraction = ''] = clock.split('.');
    const milliseconds = /^\d{3}/.exec(fraction)?.[0] ?? '0';
    if (!/^\d+$/.test(seconds)) throw refusal('date', output);
    return {
      now: new Date(Number(seconds) * 1000 + Number(milliseconds)).toISOString(),
      bootId: boot.replace(/^boot /, ''),
      uptimeSeconds: Number(up.split(' ')[1]),
    };
  },
});
