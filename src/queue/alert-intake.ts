import pRetry, { type Options as RetryOptions } from 'p-retry';
import type { AcceptedDelivery, AlertDelivery, AlertIntake, ServiceAlert } from '../model/alert.js';
import { maintenanceUntil } from '../model/maintenance.js';
import type { Inventory } from '../model/service.js';
import type { AlertPolicy, PolicyOf } from '../store/alert-standing.js';
import type { Explained } from '../store/alerts.js';
import type { MessageRef } from '../store/messages.js';
import type { Run } from '../model/incident.js';
import type { Store } from '../store/store.js';
import type { Queues } from './queues.js';

export type ExplainAlert = (alert: ServiceAlert) => Promise<Explained>;

export type AlertSettings = { lookAgainMinutes: number; opsChannel?: string | undefined };

type Needs = {
  store: Pick<Store, 'alerts'>;
  queues: Pick<Queues, 'enqueueDiagnose' | 'enqueuePost'>;
  inventory: Inventory;
  settings: AlertSettings;
  onError?: (error: unknown) => void;
};

/** Transactions at the same time: most of the database's connections stay free for people. */
const AT_ONCE = 2;
/** Deliveries in one transaction, of those that wait: what they have in common is done once. */
const TOGETHER = 100;
/** Alerts in it, so that it ends in time; a delivery that has more comes alone. */
const ALERTS_TOGETHER = 1_000;
/** What waits is held in memory, and its sender waits for an answer: more is refused, and is sent again. */
const WAITING = 500;

/** PagerDuty gives up after five seconds: it should hear that nothing is stored, and not have to guess. */
export const STORE_WITHIN_MS = 4_000;

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

/** Its sender has its answer and sends it again: worked on nevertheless, it would keep those waiting who are still there. */
export class SenderIsGone extends Error {
  constructor() {
    super(`it waited for ${STORE_WITHIN_MS} ms: send it again`);
    this.name = 'SenderIsGone';
  }
}

type Waiting = {
  delivery: AlertDelivery;
  since: number;
  resolve: (accepted: AcceptedDelivery) => void;
  reject: (error: unknown) => void;
};

export function createAlertIntake(needs: Needs): AlertIntake {
  const waiting: Waiting[] = [];
  let working = 0;
  const accept = acceptor(needs);
  const work = async (): Promise<void> => {
    if (working >= AT_ONCE) return;
    working += 1;
    for (let batch = nextOf(waiting); batch.length > 0; batch = nextOf(waiting))
      await answerAll(batch, accept);
    working -= 1;
  };
  return (delivery) => {
    if (waiting.length >= WAITING) return Promise.reject(new IntakeIsFull());
    return new Promise((resolve, reject) => {
      waiting.push({ delivery, since: Date.now(), resolve, reject });
      void work();
    });
  };
}

/** Takes those that come next out of what waits. */
function nextOf(waiting: Waiting[]): Waiting[] {
  let alerts = 0;
  const end = waiting.findIndex(({ delivery: { matched, unmatched } }, index) => {
    alerts += matched.length + unmatched.length;
    return index >= TOGETHER || (index > 0 && alerts > ALERTS_TOGETHER);
  });
  return waiting.splice(0, end === -1 ? waiting.length : end);
}

type Accept = (deliveries: readonly AlertDelivery[]) => Promise<AcceptedDelivery[]>;

function acceptor({ store, queues, inventory, settings, onError = () => undefined }: Needs): Accept {
  const policyOf = alertPolicies(inventory, settings);
  return async (deliveries) => {
    const results = await pRetry(() => store.alerts.accept(deliveries, policyOf), AGAIN);
    const runs = results.flatMap((each) => each.runs);
    const messages = results.flatMap((each) => each.messages);
    // It is stored: what does not reach the queue now is brought back by the sweeper.
    enqueueAlertWork(queues, { runs, messages }).catch(onError);
    return results.map(({ accepted }) => accepted);
  };
}

/** One that the database does not take must not keep the others out: then each is tried alone. Never rejects. */
async function answerAll(given: readonly Waiting[], accept: Accept): Promise<void> {
  const isLate = ({ since }: Waiting): boolean => Date.now() - since >= STORE_WITHIN_MS;
  for (const { reject } of given.filter(isLate)) reject(new SenderIsGone());
  const batch = given.filter((each) => !isLate(each));
  if (batch.length === 0) return;
  try {
    const answers = await accept(batch.map(({ delivery }) => delivery));
    for (const [index, { resolve, reject }] of batch.entries()) {
      const answer = answers[index];
      if (answer === undefined) reject(new Error('a delivery without an answer'));
      else resolve(answer);
    }
  } catch (error) {
    const [only, ...others] = batch;
    if (others.length === 0) return only?.reject(error);
    for (const each of batch) await answerAll([each], accept);
  }
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
