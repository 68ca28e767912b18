import { z } from 'zod';
import { Target } from '../model/target.js';
import { VerdictStatus } from '../model/verdict.js';
import type { Query } from './database.js';
import type { MessageRef } from './messages.js';
import { parseRow, parseRows } from './row.js';

/** More services than this within the window are told of together. */
export const STORM_SERVICES = 5;
const WINDOW = "interval '2 minutes'";
/** After this its message is left as it is. */
const EDITED_FOR = "interval '2 hours'";

const Touched = z.object({
  service: z.string(),
  isOpen: z.boolean(),
  /** Null: nobody has looked yet. */
  status: VerdictStatus.nullable(),
  root: Target.nullable(),
});
export const Storm = z.object({
  id: z.uuid(),
  beganAt: z.iso.datetime(),
  services: z.array(Touched),
});
export type Storm = z.infer<typeof Storm>;

/**
 * Finds that many services fire at once, and tells of it in one message. `channel`: where; left out, where most of
 * their threads are. The caller is the only one who does.
 */
export async function sweepStorms(query: Query, channel: string | null): Promise<MessageRef[]> {
  await query(`SELECT pg_advisory_xact_lock(hashtextextended('diag503 storm', 0))`);
  await joinStorm(query, channel);
  const storms = await query(
    `SELECT id, shown FROM diag503.storm WHERE last_joined_at > clock_timestamp() - ${EDITED_FOR}`,
  );
  const raised: MessageRef[] = [];
  for (const { id, shown } of storms) {
    const storm = await stormOf(query, String(id));
    const now = JSON.stringify(storm?.services ?? []);
    if (now === shown) continue;
    await query('UPDATE diag503.storm SET shown = $2 WHERE id = $1', [id, now]);
    raised.push(...(await raiseStorm(query, String(id))));
  }
  return raised;
}

async function joinStorm(query: Query, channel: string | null): Promise<void> {
  const fresh = await query(
    `SELECT id, channel, storm_id AS "stormId" FROM diag503.incident
     WHERE alerted_at > clock_timestamp() - ${WINDOW}`,
  );
  if (fresh.length <= STORM_SERVICES && fresh.every(({ stormId }) => stormId === null)) return;
  const lone = fresh.filter(({ stormId }) => stormId === null).map(({ id }) => id);
  if (lone.length === 0) return;
  const [going] = await query(
    `SELECT id FROM diag503.storm WHERE last_joined_at > clock_timestamp() - ${WINDOW} ORDER BY began_at LIMIT 1`,
  );
  if (going === undefined && fresh.length <= STORM_SERVICES) return;
  const [storm] =
    going === undefined
      ? await query('INSERT INTO diag503.storm (channel) VALUES ($1) RETURNING id', [
          channel ?? mostOf(fresh.map((row) => String(row['channel']))),
        ])
      : [going];
  await query('UPDATE diag503.incident SET storm_id = $1 WHERE id = ANY($2::uuid[])', [storm?.['id'], lone]);
  await query('UPDATE diag503.storm SET last_joined_at = clock_timestamp() WHERE id = $1', [storm?.['id']]);
}

function mostOf(channels: readonly string[]): string {
  const count = (channel: string): number => channels.filter((other) => other === channel).length;
  return channels.toSorted((a, b) => count(b) - count(a) || a.localeCompare(b))[0] ?? '';
}

async function raiseStorm(query: Query, id: string): Promise<MessageRef[]> {
  const rows = await query(
    `INSERT INTO diag503.message (kind, channel, storm_id) SELECT 'storm', channel, id FROM diag503.storm WHERE id = $1
     ON CONFLICT (storm_id) WHERE kind = 'storm' DO UPDATE SET revision = message.revision + 1, error = NULL
     RETURNING id, revision`,
    [id],
  );
  return rows.map((row) => ({ id: String(row['id']), revision: Number(row['revision']) }));
}

export async function stormOf(query: Query, id: string): Promise<Storm | null> {
  const [storm] = await query('SELECT id, began_at AS "beganAt" FROM diag503.storm WHERE id = $1', [id]);
  if (storm === undefined) return null;
  const services = await query(
    `SELECT i.service, i.closed_at IS NULL AS "isOpen", r.document->'verdict'->>'status' AS status,
       r.document->'verdict'->'chain'->0->'target' AS root
     FROM diag503.incident i LEFT JOIN LATERAL (
       SELECT document FROM diag503.run WHERE incident_id = i.id AND document IS NOT NULL
         AND coalesce(origin->'alert'->>'reason', '') <> 'resolved'
       ORDER BY requested_at DESC LIMIT 1) r ON true
     WHERE i.storm_id = $1 ORDER BY i.service`,
    [id],
  );
  return parseRow(Storm, { ...storm, services: parseRows(Touched, services) });
}
