import { z } from 'zod';
import { ClientError } from '../model/client-error.js';
import type { Service } from '../model/service.js';
import { defineHostProbe, quote } from './define-probe.js';
import { changesIn, MemberChange } from './shell/balancer-changes.js';
import { countSpans, Spans, spansIn } from './shell/balancer-spans.js';
import { PAUSE } from './shell/pause.js';
import { linesOf, refusal } from './shell/refuse.js';

/** Milliseconds; -1 where the request did not get that far. */
const Timers = z.object({
  /** For the whole request to come in: TR. */
  request: z.int(),
  /** In the queues: Tw. */
  queue: z.int(),
  /** For a connection to the member, with all its repetitions: Tc. */
  connect: z.int(),
  /** For the member's first byte: Tr. */
  response: z.int(),
  total: z.int(),
});

export const BalancerLogLine = z.object({
  /** When the request was over, by the balancer's clock. */
  at: z.iso.datetime(),
  ageSeconds: z.number(),
  frontend: z.string(),
  /** The frontend's name where no backend was chosen. */
  backend: z.string(),
  /** Null: `<NOSRV>`. */
  server: z.string().nullable(),
  timers: Timers,
  status: z.int(),
  /** Termination state, such as `SC--`: who ended it, and in which phase. */
  state: z.string().length(4),
  retries: z.int(),
  /** Requests that waited before this one, in the member's and in the pool's queue. */
  queued: z.object({ member: z.int(), pool: z.int() }),
  /** `GET /orders HTTP/1.1`. */
  request: z.string().nullable(),
  line: z.string(),
});
export type BalancerLogLine = z.infer<typeof BalancerLogLine>;

/** What HAProxy's log says about requests of the last minutes. */
export const BalancerLog = z.object({
  /** `journal`, or the file. */
  readFrom: z.string(),
  /** Requests with an answer below 500, whatever pool they went to. */
  served: z.int(),
  /** Requests with an answer of 500 and above, oldest first. */
  failed: z.array(BalancerLogLine),
  /** There were more lines of the last ten minutes than were looked through. */
  isCut: z.boolean().default(true),
  /** Lines of requests in another format than `option httplog` writes. */
  unreadable: z.int(),
  /** Oldest first. */
  changes: z.array(MemberChange).default([]),
  ...Spans.shape,
});
export type BalancerLog = z.infer<typeof BalancerLog>;

/** A busy balancer writes thousands a second: these are looked through, and what was refused is kept. */
const LOOKED_AT = 2000;
const LOOKED_AT_BYTES = 500_000;
const MAX_LINES = 200;
const MAX_BYTES = 60_000;
const MAX_LINE_CHARS = 1000;

/** Status below 500 (or none: the client left) in the place where `option httplog` has it. POSIX ERE. */
const SERVED = ' (-1|[1-4][0-9][0-9]) [0-9]+ [^ ]+ [^ ]+ [-A-Za-z]{4} [0-9]+/[0-9]+/';

/** Where Debian's and Red Hat's rsyslog put it. */
const logFileOf = (balancer: Service['balancer']): string => balancer?.log ?? '/var/log/haproxy.log';

const JOURNAL = `journalctl -t haproxy _COMM=haproxy -n ${LOOKED_AT} --since=-10min`;

/** The pause lets the request that was asked at the same time get into the log. */
export const balancerLog = defineHostProbe({
  id: 'balancer-log',
  at: 'balancer',
  fact: BalancerLog,
  timeoutSeconds: 4,
  applies: ({ balancer }) => balancer?.host !== undefined,
  source: ({ balancer }) => `journalctl -t haproxy -n 200 || tail -n 200 ${quote(logFileOf(balancer))}`,
  // Backwards: with --since, journalctl (252) takes -n from the oldest line otherwise.
  script: ({ balancer }) => `${PAUSE}
echo "now $(date '+%d/%b/%Y:%H:%M:%S') $(date +%s) \${USER:-$(id -un)}"
file=${quote(logFileOf(balancer))}
all=$(${JOURNAL} -r --no-pager -o short-iso-precise 2>&1 | head -c ${LOOKED_AT_BYTES})
case $all in
*\\[[0-3][0-9]/[A-Z]*/*:*|*' Connect from '*|*']: {"'*) echo "from journal"; cut=head;;
*)
  printf 'journal %s\\n' "$all" | head -n 1
  all=$(tail -n ${LOOKED_AT} "$file" 2>&1 | tail -c ${LOOKED_AT_BYTES})
  echo "from $file"; cut=tail;;
esac
echo "read $(printf '%s\\n' "$all" | wc -lc)"
echo "served $(printf '%s\\n' "$all" | grep -cE ${quote(SERVED)})"
printf '%s\\n' "$all" | ${countSpans(balancer?.pool ?? '')}
printf '%s\\n' "$all" | grep -vE ${quote(SERVED)} | $cut -n ${MAX_LINES} | $cut -c ${MAX_BYTES}`,

  parse(output, service) {
    const [first = '', ...rest] = linesOf(output.stdout);
    const clock = /^now (\S+) (\d+) ([\w.-]+)\$?$/.exec(first);
    const start = rest.findIndex((line) => /^served \d+$/.test(line));
    const readFrom = readFromOf(rest.slice(0, Math.max(0, start)));
    if (!clock || readFrom === undefined) throw refusal('journalctl', output);
    const [, local = '', epoch = '', login = ''] = clock;
    const lines = rest.slice(start + 1);
    const now = { local: naive(local), epochMs: Number(epoch) * 1000 };
    const failed = lines
      .flatMap((line) => parseLine(line, now))
      .filter(({ ageSeconds }) => ageSeconds !== NOT_KNOWN)
      .toSorted((a, b) => b.ageSeconds - a.ageSeconds);
    const served = Number(rest[start]?.slice('served '.length));
    const unreadable = lines.filter((line) => isRequest(line) && !HTTP_LOG.test(line));
    if (failed.length + served === 0) {
      refuseDenied(service, login, rest.slice(0, start), lines);
      refuseFormat(service, unreadable);
    }
    const ageOfLine = (line: string): number => ageOf(writtenAt(line) ?? Infinity, now.epochMs);
    const changes = changesIn(lines, service.balancer?.pool ?? '', ageOfLine);
    const spans = spansIn(lines, now.local, naive);
    return { ...readFrom, served, failed, unreadable: unreadable.length, changes, ...spans };
  },
});

/** `from journal`, and `read 40 9000` of it: lines and bytes. */
const readFromOf = (lines: readonly string[]): { readFrom: string; isCut?: boolean } | undefined => {
  const from = lines.findLast((line) => line.startsWith('from '));
  const [, count, bytes] = lines.flatMap((line) => /^read +(\d+) +(\d+)$/.exec(line) ?? []);
  if (from === undefined) return undefined;
  const isCut = Number(count) >= LOOKED_AT || Number(bytes) >= LOOKED_AT_BYTES;
  return { readFrom: from.slice('from '.length), ...(count === undefined ? {} : { isCut }) };
};

/** `option httplog` and what `httpslog` begins with; `~` marks TLS, `+` a redispatch or a log before the end. */
const HTTP_LOG =
  /\[(\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d)\.(\d{3})\] (\S+) ([^\s/]+)\/(\S+) (-?\d+)\/(-?\d+)\/(-?\d+)\/(-?\d+)\/\+?(-?\d+) (-?\d+) \+?\d+ \S+ \S+ ([-A-Za-z]{4}) \d+\/\d+\/\d+\/\d+\/\+?(\d+) (\d+)\/(\d+)(?: (.*))?$/;

/** Whatever format: `%t` stands in each default one; without any format it is "Connect from"; collectors want JSON. */
const isRequest = (line: string): boolean =>
  /\[\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d|haproxy\[\d+\]: \{"/.test(line) || / Connect from /.test(line);

const parseLine = (
  whole: string,
  now: { local: number; epochMs: number },
): z.input<typeof BalancerLogLine>[] => {
  const [, time, millis, frontend, backend, server, ...numbers] = HTTP_LOG.exec(whole) ?? [];
  if (time === undefined || frontend === undefined || backend === undefined) return [];
  const [request, queue, connect, response, total, status, state, retries, member, pool, rest] = numbers;
  const endedMs = naive(time) + Number(millis) + Math.max(0, Number(total));
  // The journal's time has a zone. HAProxy's own has none: only its distance from the host's clock counts.
  const ageSeconds = ageOf(writtenAt(whole) ?? endedMs + now.epochMs - now.local, now.epochMs);
  return [
    {
      at: new Date(now.epochMs - ageSeconds * 1000).toISOString(),
      ageSeconds,
      frontend: frontend.replace(/~$/, ''),
      backend,
      server: server === '<NOSRV>' ? null : (server ?? null),
      timers: {
        request: Number(request),
        queue: Number(queue),
        connect: Number(connect),
        response: Number(response),
        total: Number(total),
      },
      status: Number(status),
      state: state ?? '',
      retries: Number(retries),
      queued: { member: Number(member), pool: Number(pool) },
      request: /"([^"]*)"/.exec(rest ?? '')?.[1] ?? null,
      line: whole.slice(0, MAX_LINE_CHARS),
    },
  ];
};

/** The host tells whole seconds, and lines are written while it is asked. */
const ageOf = (atMs: number, nowMs: number): number =>
  nowMs - atMs < -AHEAD_MS ? NOT_KNOWN : Math.max(0, (nowMs - atMs) / 1000);
const AHEAD_MS = 10_000;
/** From the future: HAProxy's clock has another zone than the host's, and nothing tells which. */
const NOT_KNOWN = -1;

/** `2026-11-25T19:51:43.214+0100 lb-1 haproxy[…`: journalctl's time, and rsyslog's of today. */
const writtenAt = (line: string): number | null => {
  const [, time, hours, minutes] =
    /^(\d{4}-\d\d-\d\dT[\d:]{8}(?:\.\d{1,3})?)\d*(Z|[+-]\d\d):?(\d\d)? /.exec(line) ?? [];
  return time === undefined
    ? null
    : Date.parse(hours === 'Z' ? `${time}Z` : `${time}${hours ?? ''}:${minutes ?? '00'}`);
};

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';

/** `25/Nov/2026:19:51:43` as if it were UTC. */
const naive = (time: string): number => {
  const [, day, month = '', year, clock = ''] = /^(\d\d)\/(\w{3})\/(\d{4}):([\d:]{8})/.exec(time) ?? [];
  const number = String(MONTHS.indexOf(month) / 3 + 1).padStart(2, '0');
  return Date.parse(`${year ?? ''}-${number}-${day ?? ''}T${clock}Z`);
};

/** Nothing was found; may it be for want of rights? journalctl tells an ordinary login so in a hint. */
const refuseDenied = (
  { balancer }: Service,
  login: string,
  journal: readonly string[],
  lines: readonly string[],
): void => {
  const log = logFileOf(balancer);
  const noJournal = journal.some((line) =>
    /not seeing messages from other users|insufficient permissions/i.test(line),
  );
  const [file = ''] = lines.filter((line) => /^tail: /.test(line));
  if (noJournal)
    throw new ClientError(
      'denied',
      `HAProxy's log may not be read by ${login}; \`usermod -aG systemd-journal ${login}\` would allow it`,
    );
  if (/permission denied/i.test(file))
    throw new ClientError('denied', `${log}: permission denied; \`usermod -aG adm ${login}\` would allow it`);
};

const refuseFormat = ({ balancer }: Service, unreadable: readonly string[]): void => {
  const [line] = unreadable;
  if (line === undefined) return;
  throw new ClientError(
    'malformed',
    `HAProxy on ${balancer?.host ?? 'its host'} logs in a format of its own; \`option httplog\` would be understood. It wrote: ${line.slice(0, 200)}`,
  );
};
