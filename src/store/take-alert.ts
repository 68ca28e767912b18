import type { ServiceAlert } from '../model/alert.js';
import type { AuditEntry } from '../model/audit.js';
import type { Decision, Standing } from '../model/decide-run.js';
import { QUIET_FROM_FLAP } from '../model/episode.js';
import type { Run, RunReason } from '../model/incident.js';
import { startAlertRun } from './accept-run.js';
import type { AlertPolicy } from './alert-standing.js';
import type { Query } from './database.js';
import type { MessageRef } from './messages.js';
import { countIn, keepAlerts } from './keep-alerts.js';
import { placeAlert } from './place-alert.js';
import { resolveIncident } from './resolve-incident.js';
import { endSilence } from './silences.js';

/**
 * What became of one alert. `audit` is written at the end of the transaction: all writers wait for each other there.
 * `recounts`: its headline shows another number, told once for all alerts of the transaction.
 */
export type Taken = {
  decision: Decision;
  incidentId: string | null;
  run: Run | null;
  messages: MessageRef[];
  recounts: boolean;
  audit: AuditEntry[];
};

/** Does what was decided on one alert. The caller holds the service's lock. */
export async function takeAlert(
  query: Query,
  alert: ServiceAlert,
  { decision, standing, policy }: { decision: Decision; standing: Standing; policy: AlertPolicy },
): Promise<Taken> {
  const incidentId = await placeAlert(query, alert, decision, standing, policy);
  if (isKept(alert, decision)) await keepAlerts(query, [{ alert, decision, incidentId }]);
  const taken: Taken = { decision, incidentId, run: null, messages: [], recounts: false, audit: [] };
  if (incidentId === null) return taken;
  if (decision.counts) await countIn(query, [{ ...alert, incidentId }]);
  if (decision.endsSilence) taken.audit.push(...(await endSilence(query, incidentId, 'the severity rose')));
  if (decision.resolves && standing.incident?.othersFiring === 0)
    taken.messages.push(...(await resolveIncident(query, incidentId, alert, decision)));
  await speak(query, alert, standing, taken);
  return taken;
}

/** What is late of a firing one is nothing that anybody needs to know. */
export const isKept = ({ status }: ServiceAlert, { counts }: Decision): boolean =>
  status === 'resolved' || counts;

async function speak(query: Query, alert: ServiceAlert, standing: Standing, taken: Taken): Promise<void> {
  const { decision, incidentId } = taken;
  if (incidentId === null) return;
  if (decision.run !== null) {
    const started = await beginRun(query, alert, incidentId, decision.run);
    taken.run = started.run;
    taken.messages.push(...started.messages);
  } else if (decision.counts || decision.resolves) {
    taken.recounts = true;
  }
  const flaps = (standing.incident?.flaps ?? 0) + 1;
  if (decision.incident === 'reopened' && flaps >= QUIET_FROM_FLAP && standing.silence === null)
    taken.messages.push(...(await addFlapping(query, incidentId)));
}

export async function beginRun(
  query: Query,
  { service, title, source }: Pick<ServiceAlert, 'service' | 'title' | 'source'>,
  incidentId: string,
  reason: RunReason,
): Promise<{ run: Run; messages: MessageRef[] }> {
  const origin = { kind: 'alert' as const, user: null, alert: { title, source, reason } };
  const { run, headline } = await startAlertRun(query, { service, incidentId, origin });
  return { run, messages: [{ id: headline.id, revision: headline.revision }] };
}

/** Said once of an incident, whatever it does later. */
async function addFlapping(query: Query, incidentId: string): Promise<MessageRef[]> {
  const rows = await query(
    `INSERT INTO diag503.message (incident_id, run_id, kind, channel)
     SELECT incident_id, run_id, 'flapping', channel FROM diag503.message WHERE incident_id = $1 AND kind = 'headline'
     ON CONFLICT (incident_id) WHERE kind = 'flapping' DO NOTHING RETURNING id, revision`,
    [incidentId],
  );
  return rows.map(({ id, revision }) => ({ id: String(id), revision: Number(revision) }));
}
