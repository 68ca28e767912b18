import { z } from 'zod';
import { defineHostProbe } from './define-probe.js';
import { PAUSE } from './shell/pause.js';
import { linesOf, refusal } from './shell/refuse.js';

const ListenSocket = z.object({
  kind: z.enum(['tcp', 'unix']),
  /** Address or path. */
  address: z.string().min(1),
  port: z.int().min(1).max(65_535).nullable(),
  /** Connections that wait for accept(). In state LISTEN, ss prints this as Recv-Q. */
  queued: z.int().nonnegative(),
  /** The same at the second sample; null when the socket was gone by then, or nothing queued at the first. */
  queuedAgain: z.int().nonnegative().nullable(),
  /** Length from which the kernel stops queueing: it holds limit + 1. ss prints this as Send-Q. */
  limit: z.int().nonnegative(),
  line: z.string(),
  lineAgain: z.string().nullable(),
});
export type ListenSocket = z.infer<typeof ListenSocket>;

/** `-l` asks for unconnected sockets as well, for which the kernel walks all of its tables: three times the CPU. */
const LISTENERS = 'ss -Htnx state listening';

export const listenSockets = defineHostProbe({
  id: 'listen-sockets',
  fact: z.array(ListenSocket),
  runs: 'inline',
  source: () => LISTENERS,
  /** Where nothing queues there is nothing to confirm by a second look. */
  script: () => `sockets=$(${LISTENERS}) code=$?
echo "$sockets"
${PAUSE}
echo again
case $sockets in *'tcp '[1-9]*|*'tcp  '[1-9]*|*'tcp   '[1-9]*|*'u_str '[1-9]*|*'u_seq '[1-9]*) ${LISTENERS}; code=$?;; esac
exit_code() { return "$1"; }
exit_code "$code"`,

  parse(output) {
    const lines = linesOf(output.stdout);
    const again = lines.indexOf('again');
    if (output.exitCode !== 0 || again === -1) throw refusal('ss', output);
    const first = lines.slice(0, again).map(parseSocket);
    const second = new Map(
      lines.slice(again + 1).map((line) => [keyOf(parseSocket(line)), parseSocket(line)]),
    );
    return first.map((socket) => {
      const later = second.get(keyOf(socket));
      return { ...socket, queuedAgain: later?.queued ?? null, lineAgain: later?.line ?? null };
    });
  },
});

const keyOf = ({ kind, address, port }: { kind: string; address: string; port: number | null }): string =>
  `${kind} ${address} ${port ?? ''}`;

/** Splits but never judges: a missing column becomes NaN, and the schema above refuses it. */
function parseSocket(line: string): Omit<ListenSocket, 'queuedAgain' | 'lineAgain'> {
  const [netid = '', ...columns] = line.split(/\s+/);
  // The state is a column of its own only where several were asked for.
  const [queued, limit, local = '', inode = ''] = /^\d/.test(columns[0] ?? '') ? columns : columns.slice(1);
  const counts = { queued: Number(queued), limit: Number(limit), line: line.replace(/\s+/g, ' ').trim() };
  // Unnamed unix sockets are told apart by their inode.
  if (netid !== 'tcp')
    return { kind: 'unix', address: local === '*' ? `*${inode}` : local, port: null, ...counts };
  const colon = local.lastIndexOf(':');
  return { kind: 'tcp', address: local.slice(0, colon), port: Number(local.slice(colon + 1)), ...counts };
}
