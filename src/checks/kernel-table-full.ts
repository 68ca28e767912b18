import type { KernelTables } from '../probes/kernel-tables.js';
import { defineHostCheck } from './define-check.js';
import { hostNow } from './host/clock.js';
import { kernelSaidRecently, saidRecently } from './host/said.js';

const NEARLY_ALL = 0.95;
/** Each connection to the same peer needs a port of its own; those in TIME-WAIT keep theirs for a minute. */
const PORTS_NEARLY_ALL = 0.9;
const KERNEL_SAID = /nf_conntrack: (?:nf_conntrack: )?table full|TCP: out of memory/i;
const UNIT_SAID = /Cannot assign requested address|EADDRNOTAVAIL/;

export const kernelTableFull = defineHostCheck({
  id: 'kernel-table-full',
  cause: 'overload',
  title: 'A table of the kernel is full',
  refutedBy: 'room for tracked connections and free local ports',
  needs: ['kernelTables'],
  uses: ['hostJournal', 'unitJournal', 'hostClock'],

  evaluate({ kernelTables, hostJournal, unitJournal, hostClock }, { now }) {
    const nowMs = hostNow(hostClock, now);
    const { conntrackFull, portsFull, numbers } = usage(kernelTables.fact);
    const kernelSaid = kernelSaidRecently(hostJournal, KERNEL_SAID, nowMs);
    const unitSaid = saidRecently(unitJournal, UNIT_SAID, nowMs);
    // A failed bind alone may be a wrong address in the settings.
    const exhausted = kernelSaid !== undefined || (unitSaid !== undefined && portsFull);
    if (!portsFull && !conntrackFull && !exhausted) return { status: 'passed', summary: numbers };

    const said = [kernelSaid, unitSaid].filter((item) => item !== undefined);
    return {
      status: 'failed',
      confidence: exhausted ? 'confirmed' : conntrackFull ? 'likely' : 'possible',
      summary: numbers,
      evidence: [
        { from: kernelTables, excerpt: kernelTables.fact.lines.join('\n') },
        ...said.map(({ quote }) => quote),
      ],
      ...(said[0] === undefined ? {} : { since: said[0].at }),
    };
  },
});

type Usage = { conntrackFull: boolean; portsFull: boolean; numbers: string };

function usage({ conntrack, ephemeralPorts, tcp }: KernelTables): Usage {
  const ports = ephemeralPorts.last - ephemeralPorts.first + 1;
  const used = tcp.inUse + tcp.timeWait;
  const tracked = conntrack === null ? '' : `${conntrack.used} of ${conntrack.limit} tracked connections, `;
  return {
    conntrackFull: conntrack !== null && conntrack.used >= NEARLY_ALL * conntrack.limit,
    portsFull: used >= PORTS_NEARLY_ALL * ports,
    numbers: `${tracked}${used} TCP connections (${tcp.timeWait} in TIME-WAIT) for ${ports} local ports`,
  };
}
