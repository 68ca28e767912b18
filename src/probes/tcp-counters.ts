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

/** The first two lines of the file are names and values of TcpExt; the others are not read. */
const SAMPLE = `${UPTIME}
{ read -r line && echo "$line" && read -r line && echo "$line"; } </proc/net/netstat`;

export const tcpCounters = defineHostProbe({
  id: 'tcp-counters',
  fact: TcpCounters,
  runs: 'inline',
  source: () => 'nstat -az TcpExtListenOverflows TcpExtListenDrops',
  script: () => `${SAMPLE}
${PAUSE}
${SAMPLE}`,

  parse(output) {
    const lines = linesOf(output.stdout);
    const [up = '', upAgain = ''] = lines.filter((line) => line.startsWith('up '));
    const [names = ''] = lines.filter((line) => /^TcpExt: \D/.test(line));
    const [values = '', valuesAgain = ''] = lines.filter((line) => /^TcpExt: \d/.test(line));
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
