import { z } from 'zod';
import { refuseMessage } from '../limits.js';
import type { Json, JsonObject, Message } from '../types.js';
import { wireMessage } from '../wire.js';
import { existingMessage, knownUser, visibleChannel, writableChannel } from './access.js';
import {
  defineMethod,
  flag,
  id,
  jsonList,
  jsonObject,
  SlackRefusal,
  type Call,
  type Method,
} from './define-method.js';

const MAX_METADATA = 16_384;

/** Blocks stay unchecked here: the limits answer `invalid_blocks`, not `invalid_arguments`. */
const body = {
  text: z.string().optional(),
  blocks: z.json().optional(),
  attachments: jsonList.optional(),
};
type Body = { text?: string | undefined; blocks?: Json | undefined; attachments?: JsonObject[] | undefined };

const postMessage = defineMethod({
  scope: 'chat:write',
  arguments: z.object({
    channel: id,
    ...body,
    thread_ts: id.optional(),
    reply_broadcast: flag,
    metadata: jsonObject.optional(),
  }),
  run: (call, args) => {
    const channel = writableChannel(call, args.channel);
    const content = readBody(call, args);
    const message = call.workspace.addMessage({
      ...content,
      channel: channel.id,
      user: call.workspace.app.botUserId,
      threadTs: args.thread_ts ? threadRoot(call, channel.id, args.thread_ts) : null,
      isBroadcast: args.reply_broadcast && args.thread_ts !== undefined,
      metadata: readMetadata(args.metadata),
    });
    return { channel: channel.id, ts: message.ts, message: wire(call, message) };
  },
});

const update = defineMethod({
  scope: 'chat:write',
  arguments: z.object({ channel: id, ts: id, ...body, metadata: jsonObject.optional() }),
  run: (call, args) => {
    const channel = writableChannel(call, args.channel);
    const message = existingMessage(call, channel.id, args.ts);
    if (!message.isFromBot) throw new SlackRefusal('cant_update_message');
    const content = readBody(call, args);
    message.text = args.text ?? message.text;
    // Words alone replace blocks; blocks alone keep the words for notifications.
    message.blocks = content.blocks;
    if (args.attachments) message.attachments = args.attachments;
    if (args.metadata) message.metadata = readMetadata(args.metadata);
    message.editedTs = call.workspace.nextTs();
    call.workspace.changed();
    return { channel: channel.id, ts: message.ts, text: message.text, message: wire(call, message) };
  },
});

const postEphemeral = defineMethod({
  scope: 'chat:write',
  arguments: z.object({ channel: id, user: id, ...body, thread_ts: id.optional() }),
  run: (call, args) => {
    const channel = writableChannel(call, args.channel);
    const user = knownUser(call, args.user);
    if (!channel.members.includes(user.id)) throw new SlackRefusal('user_not_in_channel');
    const message = call.workspace.addMessage({
      ...readBody(call, args),
      channel: channel.id,
      user: call.workspace.app.botUserId,
      threadTs: args.thread_ts ?? null,
      ephemeralFor: user.id,
    });
    return { message_ts: message.ts };
  },
});

const deleteMessage = defineMethod({
  scope: 'chat:write',
  arguments: z.object({ channel: id, ts: id }),
  run: (call, args) => {
    const channel = visibleChannel(call, args.channel);
    const message = existingMessage(call, channel.id, args.ts);
    if (!message.isFromBot) throw new SlackRefusal('cant_delete_message');
    call.workspace.removeMessage(message);
    return { channel: channel.id, ts: args.ts };
  },
});

const getPermalink = defineMethod({
  scope: null,
  arguments: z.object({ channel: id, message_ts: id }),
  run: (call, args) => {
    const channel = visibleChannel(call, args.channel);
    const message = existingMessage(call, channel.id, args.message_ts);
    const thread = message.threadTs ? `?thread_ts=${message.threadTs}&cid=${channel.id}` : '';
    const permalink = `${call.baseUrl}/archives/${channel.id}/p${message.ts.replace('.', '')}${thread}`;
    return { channel: channel.id, permalink };
  },
});

export const chat: Record<string, Method> = {
  'chat.postMessage': postMessage,
  'chat.update': update,
  'chat.postEphemeral': postEphemeral,
  'chat.delete': deleteMessage,
  'chat.getPermalink': getPermalink,
};

const wire = (call: Call, message: Message) => wireMessage(call.workspace, message, call);

/** Words, blocks and attachments within Slack's limits; blocks without an id get one. */
export function readBody(
  { workspace }: Pick<Call, 'workspace'>,
  { text = '', blocks = [], attachments = [] }: Body,
) {
  const isEmpty = text === '' && Array.isArray(blocks) && blocks.length === 0 && attachments.length === 0;
  if (isEmpty) throw new SlackRefusal('no_text');
  const refusal = refuseMessage({ text, blocks });
  if (refusal) {
    const { messages } = refusal;
    throw new SlackRefusal(
      refusal.error,
      messages.length > 0 ? { errors: messages, response_metadata: { messages } } : {},
    );
  }
  const named = jsonList.parse(blocks).map((block) => ({ block_id: workspace.newId('b'), ...block }));
  return { text, blocks: named, attachments };
}

/** A reply to a reply belongs to the thread of the first. */
function threadRoot({ workspace }: Call, channel: string, ts: string): string {
  const parent = workspace.findMessage(channel, ts);
  if (!parent) throw new SlackRefusal('thread_not_found');
  return parent.threadTs ?? parent.ts;
}

function readMetadata(metadata: JsonObject | undefined): JsonObject | null {
  if (!metadata || Object.keys(metadata).length === 0) return null;
  const shape = z.looseObject({ event_type: z.string().min(1), event_payload: jsonObject });
  if (!shape.safeParse(metadata).success) throw new SlackRefusal('invalid_metadata_format');
  if (JSON.stringify(metadata).length > MAX_METADATA) throw new SlackRefusal('metadata_too_large');
  return metadata;
}
