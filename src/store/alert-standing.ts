import { z } from 'zod';
import { AlertSeverity, type ServiceAlert } from '../model/alert.js';
import type { Standing } from '../model/decide-run.js';
import { REOPEN_WITHIN_MINUTES } from '../model/episode.js';
import type { Query } from './database.js';
import { IS_IDLE } from './incidents.js';
import { parseRows, storable } from './row.js';

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
  service: z.string(),
  now: z.iso.datetime(),
  unfinished: z.boolean(),
  incidentId: z.uuid().nullable(),
  isOpen: z.boolean().nullable(),
  severity: AlertSeverity.nullable(),
  flaps: z.int().nullable(),
  firing: z.int(),
  lastRunAt: At,
  triedAt: At,
  silencedBy: z.string().nullable(),
  silencedUntil: At,
  silencedSeverity: AlertSeverity.nullable(),
});
const FoundAlert = z.object({
  service: z.string(),
  source: z.string(),
  fingerprint: z.string(),
  isFiring: z.boolean(),
  startsAt: z.iso.datetime(),
  resolvedUpTo: At,
  incidentId: z.uuid().nullable(),
});

/**
 * The incident is that of the run that is on its way; else the open one; else the last one, if it is closed for less
 * than half an hour or silenced: what is silenced for four hours must not come back under another name.
 */
const SERVICES = `
  SELECT wanted.service, clock_timestamp() AS now, unfinished.ids IS NOT NULL AS unfinished,
    c.id AS "incidentId", c.closed_at IS NULL AS "isOpen", c.severity, c.flaps,
    (SELECT count(*)::int FROM diag503.alert a WHERE a.incident_id = c.id AND a.state = 'firing') AS firing,
    (SELECT max(requested_at) FROM diag503.run r WHERE r.incident_id = c.id AND r.state <> 'refused') AS "lastRunAt",
    (SELECT max(started_at) FROM diag503.remediation m
       WHERE m.incident_id = c.id AND m.state IN ('verified', 'ineffective', 'failed', 'unknown')) AS "triedAt",
    s.by_user AS "silencedBy", s.until AS "silencedUntil", s.severity AS "silencedSeverity"
  FROM unnest($1::text[]) AS wanted (service)
    CROSS JOIN LATERAL (
      SELECT array_agg(incident_id) AS ids FROM diag503.run
      WHERE service = wanted.service AND state IN ('queued', 'running')) unfinished
    LEFT JOIN LATERAL (
      SELECT i.* FROM diag503.incident i WHERE i.service = wanted.service AND (
        i.id = ANY(unfinished.ids)
        OR (i.closed_at IS NULL AND NOT ${IS_IDLE})
        OR i.closed_at > clock_timestamp() - interval '${REOPEN_WITHIN_MINUTES} min'
        OR EXISTS (SELECT FROM diag503.silence WHERE incident_id = i.id AND ${SILENCE_HOLDS}))
      ORDER BY coalesce(i.id = ANY(unfinished.ids), false) DESC, i.closed_at DESC NULLS FIRST LIMIT 1) c ON true
    LEFT JOIN diag503.silence s ON s.incident_id = c.id AND ${SILENCE_HOLDS}`;

const ALERTS = `
  SELECT service, source, fingerprint, state = 'firing' AS "isFiring", starts_at AS "startsAt",
    resolved_up_to AS "resolvedUpTo", incident_id AS "incidentId"
  FROM diag503.alert
  WHERE (service, source, fingerprint) IN (SELECT * FROM unnest($1::text[], $2::text[], $3::text[]))`;

export type AlertName = Pick<ServiceAlert, 'service' | 'source' | 'fingerprint'>;
export const nameOf = ({ source, fingerprint }: Omit<AlertName, 'service'>): string =>
  `${source} ${storable(fingerprint)}`;

export type KnownAlert = NonNullable<Standing['known']> & { incidentId: string | null };

/** What is known of a service and of some alerts of it, so that each of them need not be asked about again. */
export type ServiceStanding = Omit<Standing, 'known' | 'incident'> & {
  incident: (Omit<NonNullable<Standing['incident']>, 'othersFiring'> & { firing: number }) | null;
  known: Map<string, KnownAlert>;
};

/** Only reads. Whoever acts on it holds the locks of the services. */
export async function standingsOf(
  query: Query,
  names: readonly AlertName[],
  policyOf: PolicyOf,
): Promise<Map<string, ServiceStanding>> {
  const services = [...new Set(names.map(({ service }) => service))];
  if (services.length === 0) return new Map();
  const found = parseRows(Found, await query(SERVICES, [services]));
  const standings = new Map(
    found.map((each) => [each.service, serviceStanding(each, policyOf(each.service))]),
  );
  const alerts = await query(ALERTS, [
    names.map(({ service }) => service),
    names.map(({ source }) => source),
    names.map(({ fingerprint }) => storable(fingerprint)),
  ]);
  for (const { service, source, fingerprint, ...known } of parseRows(FoundAlert, alerts))
    standings.get(service)?.known.set(`${source} ${fingerprint}`, known);
  return standings;
}

const serviceStanding = (
  { incidentId, isOpen, severity, flaps, ...found }: z.infer<typeof Found>,
  { channel, lookAgainMinutes, maintenanceUntil }: AlertPolicy,
): ServiceStanding => ({
  now: Date.parse(found.now),
  known: new Map(),
  incident:
    incidentId === null
      ? null
      : {
          ...{ id: incidentId, isOpen: isOpen === true, severity, flaps: flaps ?? 0 },
          ...{ firing: found.firing, lastRunAt: found.lastRunAt, triedAt: found.triedAt },
        },
  silence:
    found.silencedBy === null
      ? null
      : { by: found.silencedBy, until: found.silencedUntil, severity: found.silencedSeverity },
  hasUnfinishedRun: found.unfinished,
  maintenanceUntil,
  hasChannel: channel !== null,
  lookAgainMinutes,
});

/** How one of its alerts stands. */
export function standingIn(service: ServiceStanding, alert: Omit<AlertName, 'service'>): Standing {
  const { incident } = service;
  const known = service.known.get(nameOf(alert)) ?? null;
  if (incident === null) return { ...service, known, incident };
  const { firing, ...rest } = incident;
  const isOfThem = known?.isFiring === true && known.incidentId === incident.id;
  return { ...service, known, incident: { ...rest, othersFiring: firing - (isOfThem ? 1 : 0) } };
}

/** Of one alert alone. Only reads. */
export async function standingOf(query: Query, alert: AlertName, policy: AlertPolicy): Promise<Standing> {
  const standing = (await standingsOf(query, [alert], () => policy)).get(alert.service);
  if (standing === undefined) throw new Error(`nothing was read of ${alert.service}`);
  return standingIn(standing, alert);
}
