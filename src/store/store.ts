import { type AlertStore, createAlertStore } from './alerts.js';
import { type AuditStore, createAuditStore } from './audit.js';
import type { Database } from './database.js';
import { createFindingStore, type FindingStore } from './findings.js';
import { createIncidentStore, type IncidentStore } from './incidents.js';
import { createMessageStore, type MessageStore } from './messages.js';
import { createReadingStore, type ReadingStore } from './readings.js';
import { createRemediationStore, type RemediationStore } from './remediations.js';
import { createRunStore, type RunStore } from './runs.js';
import { createSeenRequestStore, type SeenRequestStore } from './seen-requests.js';
import { createSilenceStore, type SilenceStore } from './silences.js';

/** PostgreSQL is the truth: what is here survives every loss of a queue. */
export type Store = {
  readonly incidents: IncidentStore;
  readonly runs: RunStore;
  readonly readings: ReadingStore;
  readonly findings: FindingStore;
  readonly messages: MessageStore;
  readonly remediations: RemediationStore;
  readonly alerts: AlertStore;
  readonly silences: SilenceStore;
  readonly audit: AuditStore;
  readonly seenRequests: SeenRequestStore;
  /** Rejects when the database does not answer soon. */
  ping(timeoutMs?: number): Promise<void>;
};

export const createStore = (database: Database): Store => ({
  incidents: createIncidentStore(database),
  runs: createRunStore(database),
  readings: createReadingStore(database),
  findings: createFindingStore(database),
  messages: createMessageStore(database),
  remediations: createRemediationStore(database),
  alerts: createAlertStore(database),
  silences: createSilenceStore(database),
  audit: createAuditStore(database),
  seenRequests: createSeenRequestStore(database),
  ping: (timeoutMs) => database.ping(timeoutMs),
});
