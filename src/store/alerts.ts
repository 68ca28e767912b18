import type { AlertDelivery, ServiceAlert } from '../model/alert.js';
import { type Decision, decideRun } from '../model/decide-run.js';
import type { Episode, UnmatchedAlert } from '../model/episode.js';
import { type AcceptedAlerts, acceptAlerts } from './accept-alerts.js';
import { type AlertPolicy, type PolicyOf, standingOf } from './alert-standing.js';
import type { Database } from './database.js';
import { dueAlerts, type DueAlerts } from './due-alerts.js';
import { type Alternating, alternatingOf, episodeOf } from './episodes.js';
import type { MessageRef } from './messages.js';
import { type Storm, stormOf, sweepStorms } from './storms.js';
import { listUnmatched, tellUnmatched } from './unmatched-alerts.js';

export type Explained = Pick<Decision, 'incident' | 'run' | 'because'> & { incidentId: string | null };

export type AlertStore = {
  /** One answer for each delivery, in their order. */
  accept(deliveries: readonly AlertDelivery[], policyOf: PolicyOf): Promise<AcceptedAlerts[]>;
  /** What `accept` would do now. Changes nothing. */
  explain(alert: ServiceAlert, policy: AlertPolicy): Promise<Explained>;
  /** What is due although no alert says so. */
  due(policyOf: PolicyOf): Promise<DueAlerts>;
  sweepStorms(channel: string | null): Promise<MessageRef[]>;
  tellUnmatched(channel: string): Promise<MessageRef[]>;
  episode(incidentId: string): Promise<Episode | null>;
  alternating(incidentId: string): Promise<Alternating>;
  storm(id: string): Promise<Storm | null>;
  unmatched(sinceHours?: number): Promise<UnmatchedAlert[]>;
};

export const createAlertStore = (database: Database): AlertStore => {
  const { query, transaction } = database;
  return {
    accept: (deliveries, policyOf) =>
      transaction((inTransaction) => acceptAlerts(inTransaction, deliveries, policyOf)),
    explain: async (alert, policy) => {
      const standing = await standingOf(query, alert, policy);
      const { incident, run, because } = decideRun(alert, standing);
      const joins = incident === 'joined' || incident === 'reopened';
      return { incident, run, because, incidentId: joins ? (standing.incident?.id ?? null) : null };
    },
    due: (policyOf) => dueAlerts(database, policyOf),
    sweepStorms: (channel) => transaction((inTransaction) => sweepStorms(inTransaction, channel)),
    tellUnmatched: (channel) => tellUnmatched(query, channel),
    episode: (incidentId) => episodeOf(query, incidentId),
    alternating: (incidentId) => alternatingOf(query, incidentId),
    storm: (id) => stormOf(query, id),
    unmatched: (sinceHours) => listUnmatched(query, sinceHours),
  };
};
