import type { Remediation } from '../model/remediation.js';
import { DEFAULT_LIMITS } from '../model/remediation-limits.js';
import { aroundOf, serviceDigest } from '../model/service-digest.js';
import type { Inventory, Service } from '../model/service.js';
import type { Answered, ApprovalAnswer } from '../store/answer-remediation.js';
import type { BreakGlass, BrokenGlass } from '../store/break-glass.js';
import type { MessageRef } from '../store/messages.js';
import type { Requested } from '../store/request-remediation.js';
import type { Store } from '../store/store.js';
import type { Queues } from './queues.js';
import type { RemediateDigest } from './remediate-digest.js';

type Given = Omit<ApprovalAnswer, 'sign'>;
type Ask = { remediation: Remediation; user: string; role: string; channel: string };

/** It was taken back: `what` does not answer. */
type NotQueued = { kind: 'not-queued'; what: string };
export type RequestAnswer = Requested | NotQueued;
export type ApprovalResult = Answered | NotQueued;
export type BreakGlassResult = BrokenGlass | NotQueued;

/** What a press leads to. Who may press was asked before. */
export type RequestRemediation = {
  request(ask: Ask): Promise<RequestAnswer>;
  answer(given: Given): Promise<ApprovalResult>;
  /** Without the approvals that it waits for. */
  breakGlass(ask: Omit<BreakGlass, 'sign'>): Promise<BreakGlassResult>;
  /** What was drained stays out of its pool; false: it is not waiting to go back. */
  keep(id: string, user: string): Promise<boolean>;
};

type Needs = {
  store: Pick<Store, 'remediations'>;
  queues: Pick<Queues, 'enqueuePost' | 'enqueueRemediate' | 'label'>;
  inventory: Inventory;
  digest: RemediateDigest;
  onError: (error: unknown) => void;
};

/** First the row, signed and with its audit, then the job. What cannot be queued is taken back, and whoever pressed is told so. */
export function createRequestRemediation(needs: Needs): RequestRemediation {
  const { store, queues, inventory, digest, onError } = needs;
  const post = (messages: readonly MessageRef[]): void => {
    for (const message of messages) queues.enqueuePost(message).catch(onError); // the sweeper posts it then
  };
  /** False: it was taken back. */
  const enqueue = async (remediation: Remediation): Promise<boolean> => {
    try {
      const { id: remediationId, state } = remediation;
      await queues.enqueueRemediate({ remediationId, digest: digest.of(remediation) }, state);
      return true;
    } catch (error) {
      onError(error);
      const back = await store.remediations.refuse(remediation.id, `${queues.label} does not answer`, 'bot');
      if (back !== null) post(back.messages);
      return back === null; // a worker has it already
    }
  };
  return {
    async request({ remediation, ...by }) {
      const service = inventory.services.get(remediation.service);
      const requested = await store.remediations.request({
        ...{ id: remediation.id, ...by },
        limits: limitsOf(service, remediation),
        sign: digest.of,
        serviceDigest: service === undefined ? '' : serviceDigest(service, aroundOf(inventory)),
      });
      if (requested.kind !== 'requested') return requested;
      post(requested.messages);
      const isReady = requested.remediation.approvalsNeeded === 0;
      if (isReady && !(await enqueue(requested.remediation)))
        return { kind: 'not-queued', what: queues.label };
      return requested;
    },
    async breakGlass(ask) {
      const broken = await store.remediations.breakGlass({ ...ask, sign: digest.of });
      if (broken.kind !== 'ready') return broken;
      post(broken.messages);
      return (await enqueue(broken.remediation)) ? broken : { kind: 'not-queued', what: queues.label };
    },
    async keep(id, user) {
      const kept = await store.remediations.keep(id, user);
      post(kept?.messages ?? []);
      return kept !== null;
    },
    async answer(given) {
      const answered = await store.remediations.answer({ ...given, sign: digest.of });
      if ('messages' in answered) post(answered.messages);
      if (answered.kind === 'ready' && !(await enqueue(answered.remediation)))
        return { kind: 'not-queued', what: queues.label };
      return answered;
    },
  };
}

function limitsOf(service: Service | undefined, { kind }: Remediation) {
  const rule = service?.remediations[kind];
  const { coolDownMinutes, perDay } = DEFAULT_LIMITS[kind];
  return { coolDownMinutes: rule?.coolDownMinutes ?? coolDownMinutes, perDay: rule?.perDay ?? perDay };
}
