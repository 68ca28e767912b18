import { z } from 'zod';
import { AlertSeverity, type ServiceAlert } from '../model/alert.js';
import type { Standing } from '../model/decide-run.js';
import { REOPEN_WITHIN_MINUTES } from '../model/episode.js';
import type { Query } from './database.js';
import { IS_IDLE } from './incidents.js';
import { parseRow } from './row.js';

/** What the inventory and the environment say of a service's alerts. */
export type AlertPolicy = {
  /** Null: nobody named one. */
  channel: string | null;
  lookAgainMinutes: number;
  maintenanceUntil: string | null;
};
export type PolicyOf = (service: string) => AlertPolicy;

export const SILENCE_HOLDS = 'ended_at IS NULL AND (until IS NULL OR until > clock_timestamp())';

const At = z.iso.datetime().nullable();
const Found = z.object({
  now: z.iso.datetime(),
  unfinished: z.boolean(),
  knownState: z.string().nullable(),
  knownStartsAt: At,
  resolvedUpTo: At,
  incidentId: z.uuid().nullable(),
  isOpen: z.boolean().nullable(),
  severity: AlertSeverity.nullable(),
  flaps: z.int().nullable(),
  othersFiring: z.int(),
  lastRunAt: At,
  triedAt: At,
  silencedBy: z.string().nullable(),
  silencedUntil: At,
  silencedSeverity: AlertSeverity.nullable(),
});

/**
 * The incident is that of the run that is on its way; else the open one; else the last one, if it is closed for less
 * than half an hour or silenced: what is silenced for four hours must not come back under another name.
 */
const STANDING = `
  WITH unfinished AS (
    SELECT incident_id FROM diag503.run WHERE service = $1 AND state IN ('queued', 'running')
  ), candidate AS (
    SELECT i.* FROM diag503.incident i WHERE i.service = $1 AND (
      i.id IN (SELECT incident_id FROM unfinished)
      OR (i.closed_at IS NULL AND NOT ${IS_IDLE})
      OR i.closed_at > clock_timestamp() - interval '${REOPEN_WITHIN_MINUTES} min'
      OR EXISTS (SELECT FROM diag503.silence WHERE incident_id = i.id AND ${SILENCE_HOLDS}))
    ORDER BY i.id IN (SELECT incident_id FROM unfinished) DESC, i.closed_at DESC NULLS FIRST LIMIT 1
  )
  SELECT clock_timestamp() AS now, EXISTS (SELECT FROM unfinished) AS unfinished,
    k.state AS "knownState", k.starts_at AS "knownStartsAt", k.resolved_up_to AS "resolvedUpTo",
    c.id AS "incidentId", c.closed_at IS NULL AS "isOpen", c.severity, c.flaps,
    (SELECT count(*)::int FROM diag503.alert a WHERE a.incident_id = c.id AND a.state = 'firing'
       AND (a.source, a.fingerprint) <> ($2, $3)) AS "othersFiring",
    (SELECT max(requested_at) FROM diag503.run r WHERE r.incident_id = c.id AND r.state <> 'refused') AS "lastRunAt",
    (SELECT max(started_at) FROM diag503.remediation m
       WHERE m.incident_id = c.id AND m.state IN ('verified', 'ineffective', 'failed', 'unknown')) AS "triedAt",
    s.by_user AS "silencedBy", s.until AS "silencedUntil", s.severity AS "silencedSeverity"
  FROM (SELECT) one
    LEFT JOIN candidate c ON true
    LEFT JOIN diag503.alert k ON k.service = $1 AND k.source = $2 AND k.fingerprint = $3
    LEFT JOIN diag503.silence s ON s.incident_id = c.id AND ${SILENCE_HOLDS}`;

/** Only reads. Whoever acts on it holds the service's lock. */
export async function standingOf(
  query: Query,
  { service, source, fingerprint }: Pick<ServiceAlert, 'service' | 'source' | 'fingerprint'>,
  { channel, lookAgainMinutes, maintenanceUntil }: AlertPolicy,
): Promise<Standing> {
  const [row] = await query(STANDING, [service, source, fingerprint]);
  const found = parseRow(Found, row);
  return {
    now: Date.parse(found.now),
    known: knownOf(found),
    incident: incidentOf(found),
    silence:
      found.silencedBy === null
        ? null
        : { by: found.silencedBy, until: found.silencedUntil, severity: found.silencedSeverity },
    hasUnfinishedRun: found.unfinished,
    maintenanceUntil,
    hasChannel: channel !== null,
    lookAgainMinutes,
  };
}

type Found = z.infer<typeof Found>;

const knownOf = ({ knownState, knownStartsAt, resolvedUpTo }: Found): Standing['known'] =>
  knownState === null || knownStartsAt === null
    ? null
    : { isFiring: knownState === 'firing', startsAt: knownStartsAt, resolvedUpTo };

const incidentOf = ({ incidentId, isOpen, severity, flaps, ...found }: Found): Standing['incident'] =>
  incidentId === null
    ? null
    : {
        id: incidentId,
        isOpen: isOpen === true,
        severity,
        flaps: flaps ?? 0,
        othersFiring: found.othersFiring,
        lastRunAt: found.lastRunAt,
        triedAt: found.triedAt,
      };
