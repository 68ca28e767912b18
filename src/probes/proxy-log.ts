import { z } from 'zod';
import { ClientError } from '../model/client-error.js';
import { defineHostProbe, quote } from './define-probe.js';
import { linesOf, refusal } from './shell/refuse.js';

const ProxyLogLine = z.object({
  at: z.iso.datetime(),
  ageSeconds: z.number(),
  level: z.string(),
  kind: z.enum([
    'rate-limited',
    'concurrency-limited',
    'upstream-refused',
    'upstream-timeout',
    'upstream-unreachable',
    'upstream-unresolved',
    'no-live-upstreams',
    'upstream-closed',
    'upstream-unusable',
    'upstream-not-begun',
    'proxy-line-missing',
    'leave-not-given',
    'port-in-use',
    'worker-connections',
    'open-files',
    'other',
  ]),
  /** `zone "api"` of a limit. */
  zone: z.string().nullable(),
  client: z.string().nullable(),
  /** `http://127.0.0.1:8000/…` as the proxy asked it. */
  upstream: z.string().nullable(),
  line: z.string(),
});
export type ProxyLogLine = z.infer<typeof ProxyLogLine>;

/** The newest lines of the proxy's error log. */
export const ProxyLog = z.object({
  path: z.string(),
  lines: z.array(ProxyLogLine),
  /** How many processes of the proxy run, as far as this login sees others' processes. */
  processes: z.int().optional(),
});
export type ProxyLog = z.infer<typeof ProxyLog>;

const MAX_LINES = 200;
const MAX_BYTES = 60_000;
const MAX_LINE_CHARS = 1000;

/** nginx writes local time without a zone: the host tells its own clock in the same way. */
export const proxyLog = defineHostProbe({
  id: 'proxy-log',
  fact: ProxyLog,
  runs: 'beside',
  timeoutSeconds: 4,
  applies: ({ proxy }) => proxy !== undefined,
  source: ({ proxy }) => `tail -c ${MAX_BYTES} ${quote(proxy?.errorLog ?? '')}`,
  script: ({ proxy }) => {
    const file = quote(proxy?.errorLog ?? '');
    return `echo "now $(date '+%Y/%m/%d %H:%M:%S %s') \${USER:-$(id -un)}"
set -- $(grep -lsx nginx /proc/[0-9]*/comm)
echo "nginx $#"
tail -c ${MAX_BYTES} ${file} 2>&1`;
  },

  parse(output, { proxy }) {
    const path = proxy?.errorLog ?? '';
    const [first = '', ...told] = linesOf(output.stdout);
    const { rest: read, ...counted } = processesIn(told);
    // So many bytes begin within a line.
    const rest = output.stdout.length > MAX_BYTES ? read.slice(1) : read;
    const clock = /^now (\S+ \S+) (\d+) ([\w.-]+)\$?$/.exec(first);
    if (!clock) throw refusal('tail', output);
    const [, local = '', epoch = '', login = ''] = clock;
    refuseUnreadable(path, login, rest[0] ?? '');
    const now = { local: naive(local), epochMs: Number(epoch) * 1000 };
    return {
      path,
      lines: rest.slice(-MAX_LINES).flatMap((line) => parseLine(line, now)),
      ...counted,
    };
  },
});

const processesIn = (told: readonly string[]): { rest: readonly string[]; processes?: number } => {
  const [first = '', ...rest] = told;
  const count = /^nginx (\d+)$/.exec(first)?.[1];
  return count === undefined ? { rest: told } : { rest, processes: Number(count) };
};

const refuseUnreadable = (path: string, login: string, line: string): void => {
  if (!/^tail: /.test(line)) return;
  if (/permission denied/i.test(line))
    throw new ClientError(
      'denied',
      `${path}: permission denied; \`usermod -aG adm ${login}\` would allow it`,
    );
  throw new ClientError('not-installed', `${line}; is \`proxy.errorLog\` right?`);
};

const LINE = /^(\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d) \[(\w+)\] (.*)$/;

const parseLine = (whole: string, now: { local: number; epochMs: number }): ProxyLogLine[] => {
  const line = whole.slice(0, MAX_LINE_CHARS);
  const [, time, level, message] = LINE.exec(line) ?? [];
  if (time === undefined || level === undefined || message === undefined) return [];
  const ageSeconds = (now.local - naive(time)) / 1000;
  return [
    {
      at: new Date(now.epochMs - ageSeconds * 1000).toISOString(),
      ageSeconds,
      level,
      // What a client sends stands behind that, and may say anything.
      kind: kindOf(message.split(', client: ')[0] ?? ''),
      zone: groupIn(message, /by zone "([^"]*)"/),
      client: groupIn(message, /client: ([^,]+)/),
      upstream: groupIn(message.split(', host: ')[0] ?? '', /upstream: "([^"]*)"/),
      line,
    },
  ];
};

const groupIn = (text: string, pattern: RegExp): string | null => pattern.exec(text)?.[1] ?? null;

/** Both clocks are read as if they were UTC: only their difference counts. */
const naive = (time: string): number => Date.parse(`${time.replaceAll('/', '-').replace(' ', 'T')}Z`);

/** Texts of nginx's ngx_http_limit_*_module.c and ngx_http_upstream.c; the numbers are errno. */
const KINDS: readonly (readonly [RegExp, ProxyLogLine['kind']])[] = [
  [/limiting requests, excess/, 'rate-limited'],
  [/limiting connections by zone/, 'concurrency-limited'],
  [/no live upstreams/, 'no-live-upstreams'],
  [/connect\(\) .*failed \((111|2): /, 'upstream-refused'],
  [/connect\(\) .*failed \((110|113|101|11|13): /, 'upstream-unreachable'],
  [/could not be resolved \(|no resolver defined to resolve/, 'upstream-unresolved'],
  [/upstream timed out \(110/, 'upstream-timeout'],
  [/upstream prematurely closed|recv\(\) failed \(104/, 'upstream-closed'],
  [/upstream sent (?:too big header|no valid HTTP|invalid |duplicate |too large )/, 'upstream-unusable'],
  // ngx_event_connect.c: `proxy_bind`; ngx_http_upstream.c: `proxy_pass https:`.
  [/bind\([^)]*\) failed \(99: /, 'upstream-not-begun'],
  [/while SSL handshaking to upstream|upstream SSL certificate /, 'upstream-not-begun'],
  // "while reading PROXY protocol" is lines further down, behind all headers of the request.
  [/^\d+#\d+: \*\d+ broken header: "/, 'proxy-line-missing'],
  // ngx_http_auth_request_module.c: what is asked before the app answers neither 2xx nor 401 or 403.
  [/auth request unexpected status: /, 'leave-not-given'],
  [/bind\(\) to \S+ failed \(98: /, 'port-in-use'],
  [/worker_connections are not enough/, 'worker-connections'],
  // Of socket(), accept4() and open() alike.
  [/failed \((24|23): /, 'open-files'],
];

const kindOf = (message: string): ProxyLogLine['kind'] =>
  KINDS.find(([pattern]) => pattern.test(message))?.[1] ?? 'other';
