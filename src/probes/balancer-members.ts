import { z } from 'zod';
import { askHaproxyPage, askHaproxySocket, parseHaproxyStat, type HaproxyRow } from '../clients/haproxy.js';
import { withoutUserinfo } from '../clients/http.js';
import type { Network } from '../clients/host-connection.js';
import { ClientError } from '../model/client-error.js';
import type { Balancer, Service } from '../model/service.js';
import { defineServiceProbe, WORKER } from './define-probe.js';

const Row = z.object({
  name: z.string(),
  /** `UP`, `DOWN`, `MAINT`, `DRAIN`, `no check`, `UP 1/3` and so on. */
  status: z.string(),
  queued: z.int(),
  queuedMax: z.int(),
  sessions: z.int(),
  sessionLimit: z.int().nullable(),
  responses5xx: z.int(),
  connectionErrors: z.int(),
  /** Seconds since the status changed: its onset. */
  lastChangeSeconds: z.int().nullable(),
  downTransitions: z.int(),
  active: z.int(),
  line: z.string(),
});

const Member = Row.extend({
  address: z.string().nullable(),
  /** `L4CON`, `L4TOUT`, `L7STS`, `L7TOUT`, `L7OK`, …; null without a check. */
  checkStatus: z.string().nullable(),
  checkCode: z.int().nullable(),
  lastCheck: z.string().nullable(),
  checkDurationMs: z.int().nullable(),
  failedChecks: z.int(),
  /** How often answers to real requests took it out (`observe`); each counts as a failed check, too (management.txt 9.1: hanafail). */
  takenOutByAnswers: z.int().default(0),
  /** Its share of the requests, slow start included: at 0 it gets none. */
  weight: z.int().nullable().default(null),
});

/** The pool as the balancer sees it. */
export const BalancerMembers = z.object({
  pool: Row,
  members: z.array(Member),
  /** Of all of HAProxy: which one leads to this pool stands in its configuration only. */
  fullFrontends: z.array(Row).default([]),
  /** Somebody disabled them at the socket (`PAUSED`), or for good (`STOP`): they listen no longer. */
  closedFrontends: z.array(Row).default([]),
  /** Their rules have thrown out connections before a request (management.txt 9.1: dcon, dses). */
  rejectingFrontends: z.array(Row.extend({ rejected: z.int() })).default([]),
  /** They have answered requests themselves (`monitor-uri`, a redirect, a page of statistics), and 5xx (management.txt 9.1: intercepted, hrsp_5xx). */
  monitoringFrontends: z.array(Row.extend({ intercepted: z.int() })).default([]),
  answeredFrom: z.enum(['socket', 'stats-url']),
});
export type BalancerMembers = z.infer<typeof BalancerMembers>;

export const balancerMembers = defineServiceProbe({
  id: 'balancer-members',
  fact: BalancerMembers,
  places: ({ balancer }) =>
    balancer ? [{ target: { kind: 'balancer', name: balancer.pool }, from: balancer.host ?? WORKER }] : [],
  source: ({ balancer }) =>
    balancer?.socket === undefined
      ? `curl -s '${withoutUserinfo(balancer?.statsUrl ?? 'http://localhost')}'`
      : `echo 'show stat' | socat stdio ${balancer.socket}`,

  async read({ service, network, signal }) {
    return readMembers(balancerOf(service), network, signal);
  },
});

/** The pool's rows of `show stat`. */
export const readMembers = async (
  balancer: Balancer,
  network: Network,
  signal: AbortSignal,
): Promise<BalancerMembers> => {
  const { text, answeredFrom } = await askStat(balancer, network, signal);
  const all = parseHaproxyStat(text);
  const rows = all.filter(({ fields }) => fields['pxname'] === balancer.pool);
  const pool = rows.find(({ fields }) => fields['svname'] === 'BACKEND');
  if (!pool) throw new ClientError('malformed', `HAProxy has no backend \`${balancer.pool}\`${known(text)}`);
  const members = rows.filter(({ fields }) => !['BACKEND', 'FRONTEND'].includes(fields['svname'] ?? ''));
  return { pool: asRow(pool), members: members.map(asMember), ...frontendsOf(all), answeredFrom };
};

const frontendsOf = (rows: readonly HaproxyRow[]) => {
  const frontends = rows
    .filter(({ fields }) => fields['svname'] === 'FRONTEND')
    .map((row) => ({
      ...asRow(row),
      name: row.fields['pxname'] ?? '',
      rejected: (int(row.fields['dcon']) ?? 0) + (int(row.fields['dses']) ?? 0),
      intercepted: int(row.fields['intercepted']) ?? 0,
    }));
  return {
    // As many sessions as `maxconn` allows: what comes now waits in the kernel, unanswered (management.txt 9.1: scur, slim).
    fullFrontends: frontends.filter(
      ({ sessions, sessionLimit }) => sessionLimit !== null && sessionLimit > 0 && sessions >= sessionLimit,
    ),
    closedFrontends: frontends.filter(({ status }) => status === 'PAUSED' || status === 'STOP'),
    rejectingFrontends: frontends.filter(({ rejected }) => rejected > 0),
    monitoringFrontends: frontends.filter(
      ({ intercepted, responses5xx }) => intercepted > 0 && responses5xx > 0,
    ),
  };
};

/** The socket first, the statistics page where that is refused and one is given. */
const askStat = async ({ socket, statsUrl }: Balancer, network: Network, signal: AbortSignal) => {
  if (socket !== undefined) {
    try {
      const text = await askHaproxySocket(network, socket, 'show stat', signal);
      return { text, answeredFrom: 'socket' as const };
    } catch (error) {
      if (statsUrl === undefined || signal.aborted) throw error;
    }
  }
  const text = await askHaproxyPage(network, statsUrl ?? '', signal);
  return { text, answeredFrom: 'stats-url' as const };
};

const balancerOf = ({ balancer, name }: Service): Balancer => {
  if (!balancer) throw new ClientError('malformed', `${name} has no balancer`);
  return balancer;
};

const known = (text: string): string => {
  const names = new Set(parseHaproxyStat(text).map(({ fields }) => fields['pxname']));
  return `; it has ${[...names].slice(0, 10).join(', ')}`;
};

const asRow = ({ fields, line }: HaproxyRow) => ({
  name: fields['svname'] ?? '',
  status: fields['status'] ?? '',
  queued: int(fields['qcur']) ?? 0,
  queuedMax: int(fields['qmax']) ?? 0,
  sessions: int(fields['scur']) ?? 0,
  sessionLimit: int(fields['slim']),
  responses5xx: int(fields['hrsp_5xx']) ?? 0,
  connectionErrors: int(fields['econ']) ?? 0,
  lastChangeSeconds: int(fields['lastchg']),
  downTransitions: int(fields['chkdown']) ?? 0,
  active: int(fields['act']) ?? 0,
  line,
});

const asMember = (row: HaproxyRow) => ({
  ...asRow(row),
  address: text(row.fields['addr']),
  // A check that runs right now is marked with `* `.
  checkStatus: text(row.fields['check_status']?.replace(/^\* /, '')),
  // 0 while a check runs.
  checkCode: int(row.fields['check_code']) || null,
  lastCheck: text(row.fields['last_chk']),
  checkDurationMs: int(row.fields['check_duration']),
  failedChecks: int(row.fields['chkfail']) ?? 0,
  takenOutByAnswers: int(row.fields['hanafail']) ?? 0,
  weight: int(row.fields['weight']),
});

const text = (value: string | undefined): string | null =>
  value === undefined || value === '' ? null : value;
const int = (value: string | undefined): number | null => {
  const trimmed = value?.trim() ?? '';
  return /^-?\d+$/.test(trimmed) ? Number(trimmed) : null;
};
