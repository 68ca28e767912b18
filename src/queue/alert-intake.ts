import pLimit from 'p-limit';
import pRetry, { type Options as RetryOptions } from 'p-retry';
import type { AcceptedDelivery, AlertDelivery, ServiceAlert } from '../model/alert.js';
import { maintenanceUntil } from '../model/maintenance.js';
import type { Inventory } from '../model/service.js';
import type { AlertPolicy, PolicyOf } from '../store/alert-standing.js';
import type { Explained } from '../store/alerts.js';
import type { MessageRef } from '../store/messages.js';
import type { Run } from '../model/incident.js';
import type { Store } from '../store/store.js';
import type { Queues } from './queues.js';

/** Stores a delivery and begins what it is worth. Rejects when it is not stored: the source must send it again. */
export type AlertIntake = (delivery: AlertDelivery) => Promise<AcceptedDelivery>;
export type ExplainAlert = (alert: ServiceAlert) => Promise<Explained>;

export type AlertSettings = { lookAgainMinutes: number; opsChannel?: string | undefined };

type Needs = {
  store: Pick<Store, 'alerts'>;
  queues: Pick<Queues, 'enqueueDiagnose' | 'enqueuePost'>;
  inventory: Inventory;
  settings: AlertSettings;
  onError?: (error: unknown) => void;
};

/** Some of the database's connections stay free for people. */
const AT_ONCE = 4;
/** What waits is held in memory, and its sender waits for an answer: more is refused, and is sent again. */
const WAITING = 200;

/** It waited too long for others of its service, or in a circle with them: nothing was stored, so it may begin anew. */
const WAITED: readonly unknown[] = ['57014', '40P01', '40001'];
const AGAIN: RetryOptions = {
  retries: 2,
  minTimeout: 100,
  shouldRetry: ({ error }) => 'code' in error && WAITED.includes(error.code),
};

export class IntakeIsFull extends Error {
  constructor() {
    super(`more than ${WAITING} deliveries wait already: send it again`);
    this.name = 'IntakeIsFull';
  }
}

export function createAlertIntake({
  store,
  queues,
  inventory,
  settings,
  onError = () => undefined,
}: Needs): AlertIntake {
  const limit = pLimit(AT_ONCE);
  const policyOf = alertPolicies(inventory, settings);
  return async (delivery) => {
    if (limit.pendingCount >= WAITING) throw new IntakeIsFull();
    const { accepted, runs, messages } = await limit(() =>
      pRetry(() => store.alerts.accept(delivery, policyOf), AGAIN),
    );
    // It is stored: what does not reach the queue now is brought back by the sweeper.
    enqueueAlertWork(queues, { runs, messages }).catch(onError);
    return accepted;
  };
}

/** What the intake would do with an alert now. Only reads. */
export const createExplainAlert =
  ({ store, inventory, settings }: Pick<Needs, 'store' | 'inventory' | 'settings'>): ExplainAlert =>
  (alert) =>
    store.alerts.explain(alert, alertPolicies(inventory, settings)(alert.service));

export async function enqueueAlertWork(
  queues: Needs['queues'],
  { runs, messages }: { runs: readonly Run[]; messages: readonly MessageRef[] },
): Promise<void> {
  for (const run of runs) await queues.enqueueDiagnose(run.id, { priority: 'alert' });
  for (const message of messages) await queues.enqueuePost(message);
}

/** A service that left the inventory has no channel: its alerts are kept, and nobody is told. */
export const alertPolicies =
  ({ services }: Inventory, { lookAgainMinutes, opsChannel }: AlertSettings): PolicyOf =>
  (name): AlertPolicy => {
    const service = services.get(name);
    return {
      channel: service === undefined ? null : (service.channel ?? opsChannel ?? null),
      lookAgainMinutes: service?.alerts?.lookAgainMinutes ?? lookAgainMinutes,
      maintenanceUntil: maintenanceUntil(service?.maintenance ?? [], Date.now()),
    };
  };
