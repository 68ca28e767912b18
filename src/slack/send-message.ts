import type { WebClient } from '@slack/web-api';
import type { Message, Run } from '../model/incident.js';
import type { Episode } from '../model/episode.js';
import type { Approval, Remediation } from '../model/remediation.js';
import type { RunDocument } from '../model/verdict.js';
import { MESSAGE_EVENT_TYPE } from './action-ids.js';
import { findInChannel, findInThread } from './find-posted.js';
import { slackFailure } from './slack-failure.js';
import { evidenceFile } from './views/evidence-file.js';
import { headline } from './views/headline.js';
import { remediationCard } from './views/remediation-card.js';
import { isWithdrawn, verdictActions } from './views/remediation-actions.js';
import { verdictCard, verdictText } from './views/verdict-card.js';
import type { View } from './views/view.js';

export type Sent = { channel: string; ts: string };
export type Thread = { channel: string; ts: string };

/** One message on its way; `mayHaveArrived`: an earlier attempt began, so Slack is asked before it is posted again. */
export type Sending = {
  readonly client: WebClient;
  readonly message: Message;
  readonly mayHaveArrived: boolean;
  /** Throws when it is too late to begin something that cannot be taken back. */
  readonly beforeEffect: () => void;
  /** Slack does not let us look whether it arrived. */
  readonly onBlind: (reason: string) => void;
};

/** Edits the headline; posts it first where there is none. */
export function sendHeadline(
  sending: Sending,
  run: Run,
  { openedAt, episode }: { openedAt: string; episode: Episode | null },
): Promise<Sent> {
  return sendToChannel(sending, headline(run, episode), openedAt);
}

/** A message of the channel itself. `since`: before that it cannot have been posted. */
export async function sendToChannel(sending: Sending, view: View, since: string): Promise<Sent> {
  const { message } = sending;
  const there = posted(message) ?? (await look(sending, () => inChannel(sending, since)));
  if (there) return update(sending, there, view);
  return postNew(sending, { channel: message.channel }, view, view.text);
}

/** What is offered may be pressed below it. Once that is over the card is edited, and its buttons go. */
export function sendVerdict(
  sending: Sending,
  run: Run,
  { document, remediations }: { document: RunDocument; remediations: readonly Remediation[] },
  thread: Thread,
): Promise<Sent> {
  const offered = remediations.filter(({ state }) => state === 'offered');
  const view = verdictCard(run, document, verdictActions(run.id, offered), remediations.filter(isWithdrawn));
  return postOrEdit(sending, thread, view, verdictText(run, document));
}

/** From the request to the outcome one message, which edits itself. */
export function sendRemediation(
  sending: Sending,
  thread: Thread,
  remediation: Remediation,
  approvals: readonly Approval[],
): Promise<Sent> {
  const view = remediationCard(remediation, approvals);
  return postOrEdit(sending, thread, view, view.text);
}

/** A reply that may change later. */
export async function postOrEdit(sending: Sending, thread: Thread, view: View, text: string): Promise<Sent> {
  const { client, message } = sending;
  const find = () => findInThread(client, { channel: thread.channel, thread: thread.ts, key: message.id });
  const there = posted(message) ?? (await look(sending, find));
  if (there) return update(sending, there, view);
  return postNew(sending, { channel: thread.channel, thread_ts: thread.ts }, view, text);
}

/** An upload has no metadata: its title names the run. */
export async function sendEvidence(sending: Sending, document: RunDocument, thread: Thread): Promise<Sent> {
  const { client, message } = sending;
  const { filename, title, content } = evidenceFile(document);
  const find = () =>
    findInThread(client, { channel: thread.channel, thread: thread.ts, key: message.id, title });
  const there = await look(sending, find);
  if (there) return there;
  sending.beforeEffect();
  await client.filesUploadV2({ channel_id: thread.channel, thread_ts: thread.ts, filename, title, content });
  return { channel: thread.channel, ts: thread.ts };
}

const posted = ({ postedChannel, ts }: Message): Sent | null =>
  postedChannel !== null && ts !== null ? { channel: postedChannel, ts } : null;

const inChannel = ({ client, message }: Sending, since: string): Promise<Sent | null> =>
  findInChannel(client, { channel: message.channel, key: message.id, since });

/** Where Slack lets us never look (a missing permission), a second post is better than a lost answer. */
async function look(sending: Sending, find: () => Promise<Sent | null>): Promise<Sent | null> {
  if (!sending.mayHaveArrived) return null;
  try {
    return await find();
  } catch (error) {
    const failure = slackFailure(error);
    if (failure?.kind !== 'permanent') throw error;
    sending.onBlind(failure.reason);
    return null;
  }
}

async function update({ client, beforeEffect }: Sending, { channel, ts }: Sent, view: View): Promise<Sent> {
  beforeEffect();
  const bare = { channel, ts, text: view.text, link_names: false, parse: 'none' as const };
  await withoutBlocksIfRefused(
    () => client.chat.update({ ...bare, blocks: view.blocks }),
    () => client.chat.update({ ...bare, blocks: [] }),
  );
  return { channel, ts };
}

type Place = { channel: string } | { channel: string; thread_ts: string };

async function postNew(sending: Sending, place: Place, view: View, text: string): Promise<Sent> {
  const { client, message, beforeEffect } = sending;
  beforeEffect();
  const common = {
    ...place,
    unfurl_links: false,
    unfurl_media: false,
    link_names: false,
    parse: 'none' as const,
    metadata: { event_type: MESSAGE_EVENT_TYPE, event_payload: { key: message.id } },
  };
  const { channel, ts } = await withoutBlocksIfRefused(
    () => client.chat.postMessage({ ...common, text: view.text, blocks: view.blocks }),
    () => client.chat.postMessage({ ...common, text }),
  );
  if (channel === undefined || ts === undefined)
    throw new Error('Slack accepted a post but did not say where it is');
  return { channel, ts };
}

/** Slack's rules change and are rolled out in steps: words without a layout are better than nothing. */
async function withoutBlocksIfRefused<T>(send: () => Promise<T>, sendText: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (slackFailure(error)?.kind !== 'refused-blocks') throw error;
    return sendText();
  }
}
