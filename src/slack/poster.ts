import type { WebClient } from '@slack/web-api';
import type { Message, Run } from '../model/incident.js';
import type { Inventory } from '../model/service.js';
import type { Store } from '../store/store.js';
import type { Log } from './log.js';
import { isAlone, sendAlone } from './send-alone.js';
import {
  postOrEdit,
  type Sending,
  sendEvidence,
  sendHeadline,
  sendRemediation,
  sendVerdict,
  type Sent,
  type Thread,
} from './send-message.js';
import { slackFailure, type SlackFailure } from './slack-failure.js';
import { tellAsker } from './tell-asker.js';
import { flappingNote } from './views/flapping-note.js';

export type PostOutcome = { done: true } | { done: false; retryAfterMs: number; reason: string };
/** Posts or edits one row of the outbox. Safe to call again, at the same time, and after a crash. */
export type Poster = { post(messageId: string, signal?: AbortSignal): Promise<PostOutcome> };

type Needs = {
  client: WebClient;
  store: Pick<Store, 'messages' | 'runs' | 'incidents' | 'remediations' | 'alerts'>;
  inventory: Inventory;
  log?: Log;
};

/** Longer than the slowest attempt: what begins within START_WITHIN_MS ends at most 8 s a call later. */
const LEASE_MS = 20_000;
const UPLOAD_LEASE_MS = 40_000;
const START_WITHIN_MS = 10_000;
/** Slack allows about one message a second and channel. */
const EDIT_EVERY_MS = 1_000;
const AWAIT_HEADLINE_MS = 300;
/** Somebody waits for the answer: gentle enough for Slack, and soon when it is back. */
const BACKOFF = { firstMs: 500, maxMs: 10_000 };

const done: PostOutcome = { done: true };
const later = (retryAfterMs: number, reason: string): PostOutcome => ({ done: false, retryAfterMs, reason });

export function createPoster(needs: Needs): Poster {
  return { post: (messageId, signal) => post(needs, messageId, signal) };
}

async function post(needs: Needs, messageId: string, signal?: AbortSignal): Promise<PostOutcome> {
  const { messages } = needs.store;
  const before = await messages.get(messageId);
  if (!before || before.postedRevision === before.revision) return done;
  const { incidentId, kind } = before;
  const headline = kind === 'headline' || incidentId === null ? null : await messages.headlineOf(incidentId);
  const notYet = await whyNotYet(needs, before, headline);
  if (notYet !== null) return notYet;
  const claim = await messages.claim(messageId, kind === 'evidence' ? UPLOAD_LEASE_MS : LEASE_MS);
  if (claim.kind === 'nothing') return done;
  if (claim.kind === 'busy')
    return later(claim.retryAfterMs, 'another sender has it, or Slack asked to wait');
  // Another job may have edited it between the look and the claim.
  const stillToWait = editableIn(claim.message);
  if (stillToWait > 0) {
    await messages.release(messageId, stillToWait);
    return later(stillToWait, 'one edit a second');
  }
  return attempt(needs, claim.message, headline, signal);
}

/** Before the claim: an attempt that has not begun must not look in Slack for what it may have posted. */
async function whyNotYet(
  { store }: Needs,
  message: Message,
  headline: Message | null,
): Promise<PostOutcome | null> {
  const wait = editableIn(message);
  if (wait > 0) return later(wait, 'one edit a second');
  if (headline !== null && headline.ts === null && headline.error === null)
    return later(AWAIT_HEADLINE_MS, 'its headline is not posted yet');
  const turn = await store.messages.awaitTurn(message);
  return turn > 0 ? later(turn, 'one message a second and channel') : null;
}

/** Milliseconds until the message may be edited again. */
function editableIn({ ts, lastPostedAt }: Message): number {
  if (ts === null || lastPostedAt === null) return 0;
  return Math.min(EDIT_EVERY_MS, Date.parse(lastPostedAt) + EDIT_EVERY_MS - Date.now());
}

async function attempt(
  needs: Needs,
  message: Message,
  headline: Message | null,
  signal?: AbortSignal,
): Promise<PostOutcome> {
  const { messages, runs } = needs.store;
  const run = message.runId === null ? null : await runs.get(message.runId);
  const isWanted = isAlone(message) || (run !== null && (run.state !== 'refused' || message.ts !== null));
  if (!isWanted) {
    await messages.markFailed(message.id, 'its run was never started');
    return done;
  }
  try {
    const sending = sendingOf(needs, message, signal);
    const sent = run === null ? await sendAlone(needs, sending) : await send(needs, sending, run, headline);
    const { revision, postedRevision } = await messages.markPosted(message.id, {
      revision: message.revision,
      ...sent,
    });
    return postedRevision === revision ? done : later(EDIT_EVERY_MS, 'it changed meanwhile');
  } catch (error) {
    return afterFailure(needs, message, run, error);
  }
}

function sendingOf({ client, log }: Needs, message: Message, signal?: AbortSignal): Sending {
  const startBy = Date.now() + START_WITHIN_MS;
  return {
    client,
    message,
    mayHaveArrived: message.attempts > 1,
    beforeEffect: () => {
      if (signal?.aborted) throw new TooLate('this process is stopping');
      if (Date.now() > startBy) throw new TooLate('Slack took too long to say whether it had arrived');
    },
    onBlind: (reason) =>
      log?.warn({ message: message.id }, `could not look whether a message had arrived: ${reason}`),
  };
}

async function send(needs: Needs, sending: Sending, run: Run, headline: Message | null): Promise<Sent> {
  const { message } = sending;
  const { incidents, alerts, remediations } = needs.store;
  if (message.kind === 'headline') {
    const [incident, episode] = await Promise.all([
      incidents.get(run.incidentId),
      alerts.episode(run.incidentId),
    ]);
    return sendHeadline(sending, run, { openedAt: incident?.openedAt ?? run.requestedAt, episode });
  }
  const thread = threadOf(headline);
  if (message.kind === 'flapping') {
    const view = flappingNote(run.service, await alerts.alternating(run.incidentId), message.createdAt);
    return postOrEdit(sending, thread, view, view.text);
  }
  if (message.kind === 'remediation') {
    const remediation = await remediations.get(message.remediationId ?? '');
    if (remediation === null) throw new NeverPossible('its remediation is no longer known');
    return sendRemediation(sending, thread, remediation, await remediations.approvalsOf(remediation.id));
  }
  if (!run.document) throw new NeverPossible('its run has no document');
  if (message.kind === 'evidence') return sendEvidence(sending, run.document, thread);
  const of = { document: run.document, remediations: await remediations.ofRun(run.id) };
  return sendVerdict(sending, run, of, thread);
}

function threadOf(headline: Message | null): Thread {
  const { postedChannel: channel = null, ts = null, error = null } = headline ?? {};
  if (channel === null || ts === null)
    throw new NeverPossible(`its headline failed: ${error ?? 'it is gone'}`);
  return { channel, ts };
}

async function afterFailure(
  needs: Needs,
  message: Message,
  run: Run | null,
  error: unknown,
): Promise<PostOutcome> {
  const { messages } = needs.store;
  const failure = failureOf(error);
  switch (failure?.kind) {
    case undefined: // a fault of the database or of ours: the queue's own retry
      await messages.release(message.id);
      throw error;
    case 'rate-limited':
    case 'ambiguous': {
      const wait = failure.kind === 'rate-limited' ? failure.retryAfterMs : backoffMs(message.attempts);
      await messages.release(message.id, wait);
      return later(wait, failure.reason);
    }
    case 'refused-blocks':
    case 'permanent':
      await giveUp(needs, message, run, failure);
      return done;
  }
}

async function giveUp(needs: Needs, message: Message, run: Run | null, failure: Final): Promise<void> {
  const { reason } = failure;
  await needs.store.messages.markFailed(message.id, reason);
  needs.log?.error(
    { message: message.id, run: run?.id, service: run?.service, channel: message.channel },
    `a message could not be posted: ${reason}`,
  );
  const worthTelling = failure.kind === 'permanent' && failure.code !== NEVER && message.kind !== 'evidence';
  if (worthTelling && run !== null) await tellAsker(needs, message, run, failure.code);
}

type Final = Extract<SlackFailure, { kind: 'permanent' | 'refused-blocks' }>;

/** Nothing that the asker could change, or what the headline's failure told already. */
const NEVER = 'never';

function failureOf(error: unknown): SlackFailure | null {
  if (error instanceof TooLate) return { kind: 'ambiguous', reason: error.message };
  if (error instanceof NeverPossible) return { kind: 'permanent', code: NEVER, reason: error.message };
  return slackFailure(error);
}

const backoffMs = (attempts: number): number =>
  Math.min(BACKOFF.maxMs, BACKOFF.firstMs * 2 ** Math.min(attempts - 1, 10));

class TooLate extends Error {}
class NeverPossible extends Error {}
