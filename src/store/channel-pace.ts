import type { Message } from '../model/incident.js';
import type { Query } from './database.js';

/** Slack allows one message a second and channel, and short bursts: a line, its verdict and its evidence are one. */
const EVERY_SECONDS = 1;
const BURST = 3;

/**
 * Takes the channel's next turn, whichever worker asks for it, or says how long it is until then. New messages and
 * edits are counted apart, as Slack does.
 */
export async function awaitTurn(
  query: Query,
  { channel, ts }: Pick<Message, 'channel' | 'ts'>,
): Promise<number> {
  const key = `${ts === null ? 'post' : 'edit'} ${channel}`;
  const [taken] = await query(
    `INSERT INTO diag503.channel_pace AS p (channel, free_at)
     VALUES ($1, clock_timestamp() + make_interval(secs => ${EVERY_SECONDS}))
     ON CONFLICT (channel) DO UPDATE
     SET free_at = greatest(p.free_at, clock_timestamp()) + make_interval(secs => ${EVERY_SECONDS})
     WHERE p.free_at <= clock_timestamp() + make_interval(secs => ${(BURST - 1) * EVERY_SECONDS}) RETURNING channel`,
    [key],
  );
  if (taken !== undefined) return 0;
  const [row] = await query(
    `SELECT greatest(1, ceil(1000 * extract(epoch FROM free_at - clock_timestamp()
       - make_interval(secs => ${(BURST - 1) * EVERY_SECONDS}))))::int AS ms
     FROM diag503.channel_pace WHERE channel = $1`,
    [key],
  );
  return Number(row?.['ms'] ?? 1);
}
