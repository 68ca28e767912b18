import { Message } from '../model/incident.js';
import { awaitTurn } from './channel-pace.js';
import type { Database, Query, Row } from './database.js';
import { parseRow, parseRows, storable } from './row.js';

export const MESSAGE_COLUMNS = [
  'id, incident_id AS "incidentId", run_id AS "runId", kind, channel, revision, posted_revision AS "postedRevision"',
  'posted_channel AS "postedChannel", ts, attempts, last_posted_at AS "lastPostedAt", error',
  'remediation_id AS "remediationId", storm_id AS "stormId", created_at AS "createdAt"',
].join(', ');

const PENDING = 'error IS NULL AND (posted_revision IS NULL OR posted_revision < revision)';

/** The headline of a run that was refused is not for anybody. */
const WANTED = `NOT EXISTS (SELECT FROM diag503.run r WHERE r.id = run_id AND r.state = 'refused')`;

/** `nothing`: it is posted as it should be, or it failed for good. `busy`: another sender has it for that long. */
export type Claim =
  { kind: 'claimed'; message: Message } | { kind: 'busy'; retryAfterMs: number } | { kind: 'nothing' };

/** What a post job is about: one job for each revision of a message, however often it is put on the queue. */
const MessageRef = Message.pick({ id: true, revision: true });
export type MessageRef = Pick<Message, 'id' | 'revision'>;

export type Posted = { revision: number; channel: string; ts: string };

export type MessageStore = {
  get(id: string): Promise<Message | null>;
  headlineOf(incidentId: string): Promise<Message | null>;
  /** Takes the message for `leaseMs`, so that one sender posts it at a time, and counts the attempts since it was last posted. */
  claim(id: string, leaseMs: number): Promise<Claim>;
  /** Milliseconds until the message's channel has a turn for it; 0: it has taken this one. */
  awaitTurn(message: Pick<Message, 'channel' | 'ts'>): Promise<number>;
  /** Ends the lease. The answer may hold a newer revision that is still to be posted. */
  markPosted(id: string, posted: Posted): Promise<Message>;
  /** For good: it is not tried again before its next revision. */
  markFailed(id: string, error: string): Promise<void>;
  /** Gives a claimed message back unposted; nobody takes it for `retryAfterMs`, whatever job it comes with. */
  release(id: string, retryAfterMs?: number): Promise<void>;
  /** What the outbox still owes, oldest first; without what a sender has in hand. */
  unposted(): Promise<Message[]>;
  /** The same of one run, in the order of posting. */
  unpostedOf(runId: string): Promise<MessageRef[]>;
};

/** One sweep's worth: the rest comes with the next. */
const UNPOSTED_LIMIT = 500;

export function createMessageStore({ query }: Database): MessageStore {
  const get = async (id: string): Promise<Message | null> =>
    first(await query(`SELECT ${MESSAGE_COLUMNS} FROM diag503.message WHERE id = $1`, [id]));
  return {
    get,
    headlineOf: (incidentId) => headlineOf(query, incidentId),
    claim: (id, leaseMs) => claim(query, id, leaseMs),
    awaitTurn: (message) => awaitTurn(query, message),

    async markPosted(id, { revision, channel, ts }) {
      const [row] = await query(
        `UPDATE diag503.message SET posted_revision = greatest(posted_revision, $2), posted_channel = $3, ts = $4,
           last_posted_at = clock_timestamp(), leased_until = NULL, error = NULL, attempts = 0
         WHERE id = $1 RETURNING ${MESSAGE_COLUMNS}`,
        [id, revision, channel, ts],
      );
      return parseRow(Message, row);
    },

    async markFailed(id, error) {
      await query('UPDATE diag503.message SET error = $2, leased_until = NULL WHERE id = $1', [
        id,
        storable(error),
      ]);
    },

    async release(id, retryAfterMs = 0) {
      await query(
        `UPDATE diag503.message SET leased_until = clock_timestamp() + make_interval(secs => $2::float8 / 1000)
         WHERE id = $1`,
        [id, retryAfterMs],
      );
    },

    unpostedOf: (runId) => unpostedOf(query, runId),

    async unposted() {
      const rows = await query(
        `SELECT ${MESSAGE_COLUMNS} FROM diag503.message WHERE ${PENDING} AND ${WANTED}
           AND (leased_until IS NULL OR leased_until < clock_timestamp())
         ORDER BY created_at, kind = 'headline' DESC LIMIT ${UNPOSTED_LIMIT}`,
      );
      return parseRows(Message, rows);
    },
  };
}

const first = ([row]: Row[]): Message | null => (row === undefined ? null : parseRow(Message, row));

async function claim(query: Query, id: string, leaseMs: number): Promise<Claim> {
  const [taken] = await query(
    `UPDATE diag503.message
     SET leased_until = clock_timestamp() + make_interval(secs => $2::float8 / 1000), attempts = attempts + 1
     WHERE id = $1 AND ${PENDING} AND (leased_until IS NULL OR leased_until < clock_timestamp())
     RETURNING ${MESSAGE_COLUMNS}`,
    [id, leaseMs],
  );
  if (taken !== undefined) return { kind: 'claimed', message: parseRow(Message, taken) };
  const [busy] = await query(
    `SELECT greatest(1, ceil(extract(epoch FROM leased_until - clock_timestamp()) * 1000))::int AS ms
     FROM diag503.message WHERE id = $1 AND ${PENDING}`,
    [id],
  );
  return busy === undefined ? { kind: 'nothing' } : { kind: 'busy', retryAfterMs: Number(busy['ms']) };
}

export async function headlineOf(query: Query, incidentId: string): Promise<Message | null> {
  return first(
    await query(
      `SELECT ${MESSAGE_COLUMNS} FROM diag503.message WHERE incident_id = $1 AND kind = 'headline'`,
      [incidentId],
    ),
  );
}

/** Creates the headline or raises its revision; it shows `runId` from now on. */
export async function headlineFor(query: Query, run: { id: string; incidentId: string }): Promise<Message> {
  const [row] = await query(
    `INSERT INTO diag503.message (incident_id, run_id, kind, channel)
     SELECT id, $2, 'headline', channel FROM diag503.incident WHERE id = $1
     ON CONFLICT (incident_id) WHERE kind = 'headline'
     DO UPDATE SET run_id = $2, revision = message.revision + 1, error = NULL
     RETURNING ${MESSAGE_COLUMNS}`,
    [run.incidentId, run.id],
  );
  return parseRow(Message, row);
}

/** Raises the headline's revision if it shows this run (and not a newer one). */
export async function raiseHeadline(query: Query, runId: string): Promise<MessageRef[]> {
  const rows = await query(
    `UPDATE diag503.message SET revision = revision + 1, error = NULL
     WHERE kind = 'headline' AND run_id = $1 RETURNING id, revision`,
    [runId],
  );
  return parseRows(MessageRef, rows);
}

/**
 * The headline shows something else beside its run: how many alerts, a silence. In a storm that happens a hundred times
 * a second, so it is answered only where no job is about to post it anyway.
 */
export async function raiseHeadlinesOf(query: Query, incidentIds: readonly string[]): Promise<MessageRef[]> {
  if (incidentIds.length === 0) return [];
  const rows = await query(
    `UPDATE diag503.message SET revision = revision + 1, error = NULL
     WHERE kind = 'headline' AND incident_id = ANY($1::uuid[])
     RETURNING id, revision, coalesce(posted_revision = revision - 1, false) AS rested`,
    [incidentIds],
  );
  return parseRows(
    MessageRef,
    rows.filter(({ rested }) => rested === true).map(({ id, revision }) => ({ id, revision })),
  );
}

export const raiseHeadlineOf = (query: Query, incidentId: string): Promise<MessageRef[]> =>
  raiseHeadlinesOf(query, [incidentId]);

/** The run's verdict card shows something else now: what may be pressed below it. */
export async function raiseVerdict(query: Query, runId: string): Promise<MessageRef[]> {
  const rows = await query(
    `UPDATE diag503.message SET revision = revision + 1, error = NULL
     WHERE kind = 'verdict' AND run_id = $1 RETURNING id, revision`,
    [runId],
  );
  return parseRows(MessageRef, rows);
}

/** The remediation's own reply in the thread: written with its first change, edited with every later one. */
export async function raiseRemediation(query: Query, remediationId: string): Promise<MessageRef[]> {
  const rows = await query(
    `INSERT INTO diag503.message (incident_id, run_id, kind, channel, remediation_id)
     SELECT i.id, r.run_id, 'remediation', i.channel, r.id
     FROM diag503.remediation r JOIN diag503.incident i ON i.id = r.incident_id WHERE r.id = $1
     ON CONFLICT (remediation_id) WHERE kind = 'remediation'
     DO UPDATE SET revision = message.revision + 1, error = NULL
     RETURNING id, revision`,
    [remediationId],
  );
  return parseRows(MessageRef, rows);
}

/** A reply in the thread; already there when a run is finished a second time. */
export async function addReply(query: Query, runId: string, kind: 'verdict' | 'evidence'): Promise<void> {
  await query(
    `INSERT INTO diag503.message (incident_id, run_id, kind, channel)
     SELECT i.id, r.id, $2, i.channel FROM diag503.run r JOIN diag503.incident i ON i.id = r.incident_id WHERE r.id = $1
     ON CONFLICT (run_id, kind) WHERE kind IN ('verdict', 'evidence') DO NOTHING`,
    [runId, kind],
  );
}

/** What a finished run still owes the thread, in the order of posting. */
export async function unpostedOf(query: Query, runId: string): Promise<MessageRef[]> {
  const rows = await query(
    `SELECT id, revision FROM diag503.message WHERE run_id = $1 AND ${PENDING} AND ${WANTED}
     ORDER BY array_position(ARRAY['headline', 'verdict', 'evidence', 'remediation', 'flapping'], kind)`,
    [runId],
  );
  return parseRows(MessageRef, rows);
}
