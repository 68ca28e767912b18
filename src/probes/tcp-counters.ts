import { z } from 'zod';
import { defineHostProbe } from './define-probe.js';
import { PAUSE, UPTIME, uptimeOf } from './shell/pause.js';
import { linesOf, refusal } from './shell/refuse.js';

/** Counters since boot, of the whole host: only their growth between the two samples says something. */
const TcpCounters = z.object({
  seconds: z.number().positive(),
  /** Connections that found an accept queue full, during `seconds`. */
  listenOverflows: z.int().nonnegative(),
  listenDrops: z.int().nonnegative(),
  totalOverflows: z.int().nonnegative(),
  totalDrops: z.int().nonnegative(),
});
export type TcpCounters = z.infer<typeof TcpCounters>;

export const tcpCounters = defineHostProbe({
  id: 'tcp-counters',
  fact: TcpCounters,
  source: () => 'nstat -az TcpExtListenOverflows TcpExtListenDrops',
  script: () => `${UPTIME}
grep -s ^TcpExt: /proc/net/netstat || exit
${PAUSE}
${UPTIME}
grep -s '^TcpExt: [0-9]' /proc/net/netstat`,

  parse(output) {
    const [up = '', names = '', values = '', upAgain = '', valuesAgain = ''] = linesOf(output.stdout);
    if (output.exitCode !== 0 || !valuesAgain) throw refusal('/proc/net/netstat', output);
    const before = counters(names, values);
    const after = counters(names, valuesAgain);
    return {
      seconds: Math.max(uptimeOf(upAgain) - uptimeOf(up), 0.01),
      listenOverflows: after('ListenOverflows') - before('ListenOverflows'),
      listenDrops: after('ListenDrops') - before('ListenDrops'),
      totalOverflows: after('ListenOverflows'),
      totalDrops: after('ListenDrops'),
    };
  },
});

/** One line of names, one of values, in the same order. */
function counters(names: string, values: string): (name: string) => number {
  const columns = names.split(' ');
  const numbers = values.split(' ');
  return (name) => Number(numbers[columns.indexOf(name)]);
}
