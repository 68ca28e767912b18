import { z } from 'zod';
import { servicePort } from '../model/service.js';
import { defineHostProbe, quote } from './define-probe.js';
import { findProcesses } from './shell/find-processes.js';
import { linesOf, refusal } from './shell/refuse.js';

const WorkerSocket = z.object({
  /** Processes that hold it; empty where that may not be read. */
  pids: z.array(z.int()),
  /** A client's connection to the service's port. Not accepted yet while no process holds it. */
  inbound: z.boolean(),
  accepted: z.boolean(),
  peer: z.string(),
  peerPort: z.int(),
  /** Milliseconds since; null where ss is too old to say. */
  lastSentMs: z.int().nullable(),
  lastReceivedMs: z.int().nullable(),
  /** Whether the peer ever sent something; null where ss is too old to say. */
  heard: z.boolean().nullable(),
  line: z.string(),
});
export type WorkerSocket = z.infer<typeof WorkerSocket>;

/** Established TCP connections of the service: of its processes where they may be read, else of its login. */
const WorkerSockets = z.object({
  by: z.enum(['process', 'login', 'port']),
  sockets: z.array(WorkerSocket),
  /** True when there were more than were read. */
  cut: z.boolean(),
});
export type WorkerSockets = z.infer<typeof WorkerSockets>;

const MAX_SOCKETS = 500;
/** Lines of who holds which. */
const MAX_HELD = 2000;

/** One program of POSIX awk: who holds which socket, and of each socket its ends, its owner and its ages. */
const IN_SHORT = `/^sockets$/ { listed = 1; print; next }
!listed { if ((/^\\/proc/ || /socket:/) && held++ < ${MAX_HELD}) print; next }
++sockets > ${MAX_SOCKETS} { exit }
{
  short = $0; rest = ""
  if (at = index($0, " <->")) { short = substr($0, 1, at - 1); rest = substr($0, at) }
  while (match(rest, / (bytes_received|lastsnd|lastrcv):[0-9]+/)) {
    short = short substr(rest, RSTART, RLENGTH)
    rest = substr(rest, RSTART + RLENGTH)
  }
  print short
}`;

export const workerSockets = defineHostProbe({
  id: 'worker-sockets',
  fact: WorkerSockets,
  runs: 'inline',
  source: () => 'ss -Htnpi state established',
  /** -p would walk the files of every process of the host, so sockets and processes are matched by inode here. */
  script: (service) => `${findProcesses(service)}
set --
login=
for pid in $pids; do
  [ -n "$login" ] || { while read -r key login rest; do
    case $key in Uid:) echo "login $login"; break;; esac
  done <"/proc/$pid/status"; } 2>/dev/null
  [ -r "/proc/$pid/fd" ] && set -- "$@" "/proc/$pid/fd"
done
{ [ $# -gt 0 ] && ls -lR "$@" 2>/dev/null
echo sockets
ss -HtneiO state established 2>/dev/null || ss -Htne state established; } | awk ${quote(IN_SHORT)}`,

  parse(output, service) {
    const lines = linesOf(output.stdout);
    const start = lines.indexOf('sockets');
    if (start === -1 || output.exitCode !== 0) throw refusal('ss', output);
    const owners = ownersOf(lines.slice(0, start));
    const login = /^login (\d+)$/m.exec(output.stdout)?.[1];
    const by: WorkerSockets['by'] =
      owners.size > 0 ? 'process' : login === undefined || login === '0' ? 'port' : 'login';
    const port = servicePort(service);
    const all = lines.slice(start + 1).map((line) => parseSocket(line, port, owners));
    // A proxy of the same login holds the other ends of what came in: they wait for the service, not for what it needs.
    const others = new Set(
      all.flatMap(({ socket, ends }) => (socket.inbound ? [ends.toReversed().join()] : [])),
    );
    const mine = all.filter(
      ({ socket, uid, ends }) =>
        socket.inbound ||
        (!isTaken(ends) &&
          (socket.pids.length > 0 ||
            (by === 'login' && uid === login && !others.has(ends.join()) && !isToItself(ends, port)))),
    );
    return { by, sockets: mine.map(({ socket }) => socket), cut: all.length >= MAX_SOCKETS };
  },
});

/** Linux gives whoever calls a port from here on (ip_local_port_range); who listens has a lower one as a rule. */
const FIRST_CALLING_PORT = 32_768;

/** Came in at another port, as to a proxy of the same login or a page for metrics: nobody waits for whoever called. */
const isTaken = ([local, remote]: Parsed['ends']): boolean =>
  portOf(local) < FIRST_CALLING_PORT && portOf(remote) >= FIRST_CALLING_PORT;

/** Of a proxy of the same login, to the service's own port, whose end the kernel has not taken: its queue is full. */
const isToItself = ([, remote]: Parsed['ends'], port: number): boolean =>
  portOf(remote) === port && /^(?:127\.|\[::1\])/.test(remote);

const portOf = (end: string): number => Number(end.slice(end.lastIndexOf(':') + 1));

/** `ls -lR` of several folders: a heading `/proc/PID/fd:` and lines that end in `socket:[INODE]`. */
function ownersOf(lines: string[]): Map<string, number[]> {
  const owners = new Map<string, number[]>();
  let pid = 0;
  for (const line of lines) {
    const heading = /^\/proc\/(\d+)\/fd:$/.exec(line)?.[1];
    if (heading !== undefined) pid = Number(heading);
    const inode = /socket:\[(\d+)\]$/.exec(line)?.[1];
    if (inode !== undefined) owners.set(inode, [...(owners.get(inode) ?? []), pid]);
  }
  return owners;
}

type Parsed = {
  socket: WorkerSocket;
  uid: string | undefined;
  ends: readonly [local: string, remote: string];
};

function parseSocket(line: string, port: number, owners: Map<string, number[]>): Parsed {
  const [, , local = '', remote = ''] = line.trim().split(/\s+/);
  const inode = /\bino:(\d+)/.exec(line)?.[1] ?? '0';
  const ages = /\blast(snd|rcv):/.test(line);
  const age = (name: string): number | null =>
    // ss leaves out an age of 0.
    ages ? Number(new RegExp(`\\b${name}:(\\d+)`).exec(line)?.[1] ?? 0) : null;
  const socket = {
    pids: owners.get(inode) ?? [],
    inbound: portOf(local) === port,
    accepted: inode !== '0',
    peer: remote.slice(0, remote.lastIndexOf(':')),
    peerPort: portOf(remote),
    lastSentMs: age('lastsnd'),
    lastReceivedMs: age('lastrcv'),
    heard: ages ? /bytes_received:/.test(line) || !/lastsnd:\d+ lastrcv:/.test(line) : null,
    line: line.trim().replace(/\s+/g, ' '),
  };
  return { socket, uid: /\buid:(\d+)/.exec(line)?.[1], ends: [local, remote] };
}
