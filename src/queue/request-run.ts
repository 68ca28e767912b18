import type { Incident, Run, RunOrigin } from '../model/incident.js';
import type { Service } from '../model/service.js';
import type { Accepted } from '../store/runs.js';
import type { Store } from '../store/store.js';
import type { Queues } from './queues.js';

/** The request was not taken. `message` is for the person: what is down and what to do. */
export class NotAccepted extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'NotAccepted';
  }
}

type Ask = {
  service: Service;
  channel: string;
  origin: RunOrigin;
  incidentId?: string | undefined;
};
export type RequestRun = (
  ask: Ask,
  signal?: AbortSignal,
) => Promise<{ kind: 'started' | 'joined'; run: Run; incident: Incident }>;

/** Slack waits three seconds for an answer; this and TAKE_BACK_MS together stay below 1.8 s. */
const ACCEPT_MS = 1_450;
const TAKE_BACK_MS = 250;

type Needs = { store: Store; queues: Queues; onError?: (error: unknown) => void };

/**
 * First the row, then the job: what was accepted is in the database, and the sweeper brings back a job that was lost.
 * A request whose job did not reach the queue in time is taken back, and its asker told so.
 */
export function createRequestRun({ store, queues, onError = () => undefined }: Needs): RequestRun {
  return async ({ service, channel, origin, incidentId }, signal) => {
    const timeout = AbortSignal.timeout(ACCEPT_MS);
    const deadline = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);

    const accepting = store.runs.accept({ service: service.name, channel, origin, incidentId });
    const accepted = await before(deadline, accepting).catch((cause: unknown) => {
      accepting.then((late) => takeBack(store, late)).catch(onError); // answered too late: nobody waits for it
      throw notAccepted(service.name, 'the database', cause);
    });
    const { kind, run, incident, headline } = accepted;
    if (run.state === 'running') return { kind, run, incident };

    try {
      const priority = origin.kind === 'alert' ? 'alert' : 'person';
      await before(deadline, queues.enqueueDiagnose(run.id, { priority }));
    } catch (cause) {
      const refused = await before(AbortSignal.timeout(TAKE_BACK_MS), takeBack(store, accepted)).catch(
        () => true,
      );
      if (refused) throw notAccepted(service.name, queues.label, cause);
    }
    const waitsBehindAlerts = kind === 'joined' && run.origin.kind === 'alert' && origin.kind !== 'alert';
    if (waitsBehindAlerts) queues.raiseDiagnose(run.id).catch(onError);
    // The row is committed and its job queued: a database that goes away only now does not undo that.
    const confirmed = await before(deadline, store.runs.confirm(run.id)).catch(() => true);
    if (!confirmed) throw notAccepted(service.name, queues.label, new Error('refused by an earlier request'));
    queues.enqueuePost(headline).catch(onError); // the sweeper posts it then
    return { kind, run, incident };
  };
}

/** Whoever joined a run that could not be queued takes it back just as the one who started it. */
const takeBack = (store: Store, { run }: Accepted): Promise<boolean> =>
  run.state === 'queued' ? store.runs.refuse(run.id) : Promise.resolve(false);

function notAccepted(service: string, what: Queues['label'], cause: unknown): NotAccepted {
  const subject = what.charAt(0).toUpperCase() + what.slice(1);
  return new NotAccepted(
    `Nothing was started. ${subject} is not answering: try again in a minute, or run \`diag503 run ${service}\` on the bot's machine.`,
    { cause },
  );
}

async function before<T>(deadline: AbortSignal, work: Promise<T>): Promise<T> {
  work.catch(() => undefined); // its error is of no use to anybody when it comes too late
  deadline.throwIfAborted();
  let onAbort = (): void => undefined;
  const late = new Promise<never>((_resolve, reject) => {
    onAbort = () => {
      reject(new Error('no answer in time', { cause: deadline.reason }));
    };
    deadline.addEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    deadline.removeEventListener('abort', onAbort);
  }
}
