import { z } from 'zod';
import { defineHostProbe } from './define-probe.js';
import { linesOf, refusal } from './shell/refuse.js';

/** Tables of the kernel that can run full. Null where the host does not have one (no firewall: no conntrack). */
const KernelTables = z.object({
  conntrack: z.object({ used: z.int().nonnegative(), limit: z.int().positive() }).nullable(),
  /** Local ports for outgoing connections. */
  ephemeralPorts: z.object({ first: z.int().positive(), last: z.int().positive() }),
  tcp: z.object({
    inUse: z.int().nonnegative(),
    timeWait: z.int().nonnegative(),
    orphans: z.int().nonnegative(),
  }),
  /** Open files of the whole host. */
  files: z.object({ used: z.int().nonnegative(), limit: z.number().positive() }),
  lines: z.array(z.string()),
});
export type KernelTables = z.infer<typeof KernelTables>;

const FILES = [
  '/proc/sys/net/netfilter/nf_conntrack_count',
  '/proc/sys/net/netfilter/nf_conntrack_max',
  '/proc/sys/net/ipv4/ip_local_port_range',
  '/proc/sys/fs/file-nr',
];

export const kernelTables = defineHostProbe({
  id: 'kernel-tables',
  fact: KernelTables,
  runs: 'inline',
  source: () => `grep . ${FILES.join(' ')} /proc/net/sockstat`,
  /** Not by `read`: files of /proc/sys give up after the first byte that a shell reads. */
  script: () => `grep -s '' ${FILES.join(' ')} /proc/net/sockstat; :`,

  parse(output) {
    const lines = linesOf(output.stdout)
      .map((line) => line.replace(/^\/[^:]*\//, '').replace(/\s+/g, ' '))
      .filter((line) => !line.startsWith('sockstat:') || line.startsWith('sockstat:TCP:'));
    const words = (name: string): string[] | undefined =>
      lines
        .find((line) => line.startsWith(`${name}:`))
        ?.slice(name.length + 1)
        .trim()
        .split(' ');
    const [first, last] = words('ip_local_port_range') ?? [];
    const [used, , limit] = words('file-nr') ?? [];
    const tcp = words('sockstat:TCP');
    if (first === undefined || used === undefined || tcp === undefined) throw refusal('/proc/sys', output);
    const tcpCount = (name: string): number => Number(tcp[tcp.indexOf(name) + 1]);
    const [tracked] = words('nf_conntrack_count') ?? [];
    const [trackedMax] = words('nf_conntrack_max') ?? [];
    return {
      conntrack: tracked && trackedMax ? { used: Number(tracked), limit: Number(trackedMax) } : null,
      ephemeralPorts: { first: Number(first), last: Number(last) },
      tcp: { inUse: tcpCount('inuse'), timeWait: tcpCount('tw'), orphans: tcpCount('orphan') },
      files: { used: Number(used), limit: Number(limit) },
      lines,
    };
  },
});
