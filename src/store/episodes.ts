import { z } from 'zod';
import { Episode, Silence } from '../model/episode.js';
import { RunDocument } from '../model/verdict.js';
import { SILENCE_HOLDS } from './alert-standing.js';
import type { Query } from './database.js';
import { parseRow, parseRows } from './row.js';

const HELPED = `(SELECT json_build_object('label', m.plan->>'label', 'by', m.requested_by) FROM diag503.remediation m
  WHERE m.incident_id = i.id AND m.state = 'verified' AND m.started_at >= i.alerts_since
    AND m.started_at <= i.resolved_at ORDER BY m.started_at DESC LIMIT 1)`;

/** What alerts have made of an incident. */
export async function episodeOf(query: Query, incidentId: string): Promise<Episode | null> {
  const [row] = await query(
    `SELECT i.id AS "incidentId", alert_count AS notices, alerts_since AS since, resolved_at AS "resolvedAt", alerts_until AS until, flaps,
       a.alerts, a.firing, ${HELPED} AS helped
     FROM diag503.incident i CROSS JOIN LATERAL (
       SELECT count(*)::int AS alerts, count(*) FILTER (WHERE state = 'firing')::int AS firing
       FROM diag503.alert WHERE incident_id = i.id) a
     WHERE i.id = $1`,
    [incidentId],
  );
  if (row === undefined) return null;
  const [silence] = await query(
    `SELECT id, incident_id AS "incidentId", service, by_user AS by, since, until, severity
     FROM diag503.silence WHERE incident_id = $1 AND ${SILENCE_HOLDS}`,
    [incidentId],
  );
  return parseRow(Episode, {
    ...row,
    silence: silence === undefined ? null : parseRow(Silence, silence),
  });
}

/** What alternates: which alerts came how often, and what the runs found. */
export const Alternating = z.object({
  alerts: z.array(z.object({ title: z.string(), source: z.string(), count: z.int() })),
  verdicts: z.array(RunDocument.shape.verdict.pick({ status: true, cause: true })),
  openedAt: z.iso.datetime(),
});
export type Alternating = z.infer<typeof Alternating>;

export async function alternatingOf(query: Query, incidentId: string): Promise<Alternating> {
  const alerts = await query(
    `SELECT title, source, count FROM diag503.alert WHERE incident_id = $1 ORDER BY count DESC LIMIT 10`,
    [incidentId],
  );
  const runs = await query(
    `SELECT document->'verdict'->>'status' AS status, document->'verdict'->>'cause' AS cause
     FROM diag503.run WHERE incident_id = $1 AND document IS NOT NULL ORDER BY requested_at DESC LIMIT 50`,
    [incidentId],
  );
  const [opened] = await query('SELECT opened_at AS "openedAt" FROM diag503.incident WHERE id = $1', [
    incidentId,
  ]);
  return parseRow(Alternating, {
    alerts: parseRows(Alternating.shape.alerts.element, alerts),
    verdicts: parseRows(Alternating.shape.verdicts.element, runs),
    ...opened,
  });
}
