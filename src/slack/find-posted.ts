import type { WebClient } from '@slack/web-api';
import { MESSAGE_EVENT_TYPE } from './action-ids.js';

type Found = { channel: string; ts: string };
type Shown = NonNullable<Awaited<ReturnType<WebClient['conversations']['history']>>['messages']>[number];
type Page = { messages?: Shown[]; response_metadata?: { next_cursor?: string } };

/** 2,000 messages since the incident began; in a channel that is louder than that nobody finds ours either. */
const MAX_PAGES = 10;
const PAGE = 200;
/** Slack's clock against ours. */
const SKEW_SECONDS = 120;

/** Our message in the channel, if an attempt that looked like a failure did arrive. */
export async function findInChannel(
  client: WebClient,
  { channel, key, since }: { channel: string; key: string; since: string },
): Promise<Found | null> {
  const id = await channelId(client, channel);
  if (id === null) return null;
  const oldest = String(Math.floor(Date.parse(since) / 1000) - SKEW_SECONDS);
  const ts = await firstMatch(
    (cursor) =>
      client.conversations.history({
        channel: id,
        oldest,
        limit: PAGE,
        include_all_metadata: true,
        ...cursor,
      }),
    (message) => hasKey(message, key),
  );
  return ts === null ? null : { channel: id, ts };
}

/** Our reply in the thread: by the key in its metadata, or, for an upload, which has none, by its file's title. */
export async function findInThread(
  client: WebClient,
  { channel, thread, key, title }: { channel: string; thread: string; key: string; title?: string },
): Promise<Found | null> {
  const ts = await firstMatch(
    (cursor) =>
      client.conversations.replies({
        channel,
        ts: thread,
        limit: PAGE,
        include_all_metadata: true,
        ...cursor,
      }),
    (message) => hasKey(message, key) || (title !== undefined && hasFile(message, title)),
  );
  return ts === null ? null : { channel, ts };
}

type Read = (cursor: { cursor?: string }) => Promise<Page>;

async function firstMatch(read: Read, matches: (message: Shown) => boolean): Promise<string | null> {
  let cursor = '';
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { messages = [], response_metadata: metadata } = await read(cursor === '' ? {} : { cursor });
    const found = messages.find(matches)?.ts;
    if (found !== undefined) return found;
    cursor = metadata?.next_cursor ?? '';
    if (cursor === '') break;
  }
  return null;
}

const hasKey = ({ metadata }: Shown, key: string): boolean => {
  const payload: Record<string, unknown> | undefined = metadata?.event_payload;
  return metadata?.event_type === MESSAGE_EVENT_TYPE && payload?.['key'] === key;
};

const hasFile = ({ files = [] }: Shown, title: string): boolean => files.some((file) => file.title === title);

/** Posting takes a channel's name, reading only its id. */
async function channelId(client: WebClient, channel: string): Promise<string | null> {
  if (/^[CGD][A-Z0-9]{2,}$/.test(channel)) return channel;
  const name = channel.replace(/^#/, '');
  let cursor = '';
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { channels = [], response_metadata: metadata } = await client.conversations.list({
      types: 'public_channel,private_channel',
      exclude_archived: true,
      limit: 1000,
      ...(cursor === '' ? {} : { cursor }),
    });
    const id = channels.find((each) => each.name === name)?.id;
    if (id !== undefined) return id;
    cursor = metadata?.next_cursor ?? '';
    if (cursor === '') break;
  }
  return null;
}
