import { z } from 'zod';
import type { Confidence } from '../../model/cause.js';
import { countOf } from '../../model/words.js';

const Count = z.number().nullable();
const Counts = z.record(z.string(), z.number());

/** What `redis-dependency` puts into `details`. */
const RedisDetails = z.object({
  role: z.string().nullable(),
  loading: z.boolean(),
  connectedClients: Count,
  maxClients: Count,
  usedMemoryBytes: Count,
  maxMemoryBytes: Count,
  maxMemoryPolicy: z.string().nullable(),
  lastSaveStatus: z.string().nullable(),
  lastAppendStatus: z.string().nullable(),
  masterLinkStatus: z.string().nullable(),
  errorCounts: Counts,
  refusedMeanwhile: Counts,
  /** Stored runs of before have none. */
  heldBack: z
    .object({ clients: z.number(), commands: z.array(z.string()), longestSeconds: z.number() })
    .nullable()
    .default(null),
});
type RedisDetails = z.infer<typeof RedisDetails>;

export type Trouble = { summary: string; confidence: Confidence };

/** The last 2 % of memory are gone with the next big value; the last 5 % of clients with one more worker. */
const MEMORY_FULL = 0.98;
const CLIENTS_FULL = 0.95;
/** A command that does not wait of its own is done in milliseconds. */
const HELD_SECONDS = 1;

/** PING says PONG in each of these states: what Redis would refuse to do, worst first. */
export const redisTrouble = (details: unknown): Trouble | null => {
  const state = RedisDetails.parse(details);
  return RULES.map((rule) => rule(state)).find((trouble) => trouble !== null) ?? null;
};

const RULES: readonly ((state: RedisDetails) => Trouble | null)[] = [
  ({ loading }) => (loading ? sure('it is loading its data set and refuses commands') : null),

  ({ usedMemoryBytes: used, maxMemoryBytes: max, maxMemoryPolicy: policy, refusedMeanwhile }) => {
    if (used === null || max === null || max === 0 || policy !== 'noeviction') return null;
    const numbers = `${mebibytes(used)} of ${mebibytes(max)} MiB used with policy noeviction`;
    if (used >= max || (refusedMeanwhile['OOM'] ?? 0) > 0) return sure(`it refuses writes (OOM): ${numbers}`);
    return used >= max * MEMORY_FULL ? likely(`it will soon refuse writes: ${numbers}`) : null;
  },

  ({ lastSaveStatus, lastAppendStatus, errorCounts, refusedMeanwhile }) => {
    const failed = lastSaveStatus === 'err' || lastAppendStatus === 'err';
    const text = 'it cannot write to its disk and refuses writes (MISCONF)';
    if ((refusedMeanwhile['MISCONF'] ?? 0) > 0) return sure(text);
    return failed && (errorCounts['MISCONF'] ?? 0) > 0 ? likely(text) : null;
  },

  ({ role, errorCounts, refusedMeanwhile, masterLinkStatus }) => {
    if (role !== 'slave') return null;
    const text = 'it is a replica and refuses writes (READONLY)';
    if ((refusedMeanwhile['READONLY'] ?? 0) > 0) return sure(text);
    if ((errorCounts['READONLY'] ?? 0) > 0) return likely(text);
    return masterLinkStatus === 'down' ? likely('it is a replica that has lost its primary') : null;
  },

  ({ connectedClients, maxClients, refusedMeanwhile }) => {
    if (connectedClients === null || maxClients === null || maxClients === 0) return null;
    const numbers = `${String(connectedClients)} of ${String(maxClients)} clients connected`;
    if ((refusedMeanwhile['rejected_connections'] ?? 0) > 0)
      return sure(`it refuses connections: ${numbers}`);
    return connectedClients >= maxClients * CLIENTS_FULL
      ? likely(`it will soon refuse connections: ${numbers}`)
      : null;
  },

  ({ heldBack }) => {
    if (heldBack === null || heldBack.longestSeconds < HELD_SECONDS) return null;
    const { clients, commands, longestSeconds } = heldBack;
    return sure(
      `it holds writes back (paused by CLIENT PAUSE or a failover): ${countOf(clients, 'client')} in ${commands.join(', ')} for up to ${String(longestSeconds)} s`,
    );
  },
];

const sure = (summary: string): Trouble => ({ summary, confidence: 'confirmed' });
const likely = (summary: string): Trouble => ({ summary, confidence: 'likely' });
const mebibytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);
