import { lookAtRedis, errorCounts, type RedisState } from '../clients/redis.js';
import type { HeldBack } from '../clients/redis-held-back.js';
import { defineServiceProbe } from './define-probe.js';
import {
  DependencyAnswer,
  dependencyOf,
  dependencyPlaces,
  refuseForeignLoopback,
} from './dependency-answer.js';

/** Whether Redis answers, and whether it would take a write: PING says PONG while writes are refused. */
export const redisDependency = defineServiceProbe({
  id: 'redis-dependency',
  fact: DependencyAnswer,
  fallback: 'worker',
  places: (service) => dependencyPlaces(service, 'redis'),
  source: (service, place) => {
    const { hostname, port } = new URL(dependencyOf(service, 'redis', place).url);
    return `redis-cli -h ${hostname} -p ${port || '6379'} INFO everything`;
  },

  async read({ service, place, network, signal }) {
    const url = new URL(dependencyOf(service, 'redis', place).url);
    refuseForeignLoopback(url.hostname, place, network);
    const { rung, failure, latencyMs, certificateExpiresAt, state } = await lookAtRedis(
      network,
      url.href,
      signal,
    );
    return {
      kind: 'redis' as const,
      address: `${url.hostname}:${url.port || '6379'}`,
      rung,
      failure,
      latencyMs,
      certificateExpiresAt,
      details: state ? detailsOf(state) : {},
      lines: failure ? [failure.message] : state ? quotable(state) : [],
    };
  },
});

const detailsOf = ({ info, maxClients, pingMs, refusedMeanwhile, slowlog, heldBack }: RedisState) => ({
  pingMs,
  version: info['redis_version'] ?? null,
  role: info['role'] ?? null,
  loading: info['loading'] === '1',
  connectedClients: count(info['connected_clients']),
  maxClients: maxClients ?? count(info['maxclients']),
  blockedClients: count(info['blocked_clients']),
  usedMemoryBytes: count(info['used_memory']),
  maxMemoryBytes: count(info['maxmemory']),
  maxMemoryPolicy: info['maxmemory_policy'] ?? null,
  rejectedConnections: count(info['rejected_connections']),
  lastSaveStatus: info['rdb_last_bgsave_status'] ?? null,
  lastAppendStatus: info['aof_last_write_status'] ?? null,
  masterLinkStatus: info['master_link_status'] ?? null,
  uptimeSeconds: count(info['uptime_in_seconds']),
  errorCounts: errorCounts(info),
  refusedMeanwhile,
  slowlog,
  heldBack,
});

const count = (text: string | undefined): number | null =>
  text === undefined || Number.isNaN(Number(text)) ? null : Number(text);

const QUOTED =
  /^(role|loading|connected_clients|maxclients|used_memory|maxmemory|maxmemory_policy|rejected_connections|rdb_last_bgsave_status|aof_last_write_status|master_link_status|errorstat_.*)$/;

const quotable = ({ info, heldBack }: RedisState): string[] => [
  ...(heldBack ? [`CLIENT LIST: ${heldBackText(heldBack)}`] : []),
  ...Object.entries(info)
    .filter(([name]) => QUOTED.test(name))
    .map(([name, value]) => `${name}:${value}`),
];

const heldBackText = ({ clients, commands, longestSeconds }: HeldBack): string =>
  `${String(clients)} with flags=b in ${commands.map((name) => `cmd=${name}`).join(', ')}, idle up to ${String(longestSeconds)} s`;
