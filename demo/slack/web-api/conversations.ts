import { z } from 'zod';
import { wireChannel, wireMessage } from '../wire.js';
import type { Message } from '../types.js';
import { knownUser, readableChannel, visibleChannel } from './access.js';
import {
  commaList,
  defineMethod,
  flag,
  id,
  limit,
  page,
  SlackRefusal,
  type Call,
  type Method,
} from './define-method.js';

const span = {
  channel: id,
  oldest: z.string().optional(),
  latest: z.string().optional(),
  inclusive: flag,
  limit: limit(100),
  cursor: z.string().optional(),
  include_all_metadata: flag,
};
type Span = { oldest?: string | undefined; latest?: string | undefined; inclusive: boolean };

const info = defineMethod({
  scope: 'channels:read',
  arguments: z.object({ channel: id }),
  run: (call, args) => ({ channel: wireChannel(call.workspace, visibleChannel(call, args.channel)) }),
});

const list = defineMethod({
  scope: 'channels:read',
  arguments: z.object({
    types: commaList.default(['public_channel']),
    exclude_archived: flag,
    limit: limit(100),
    cursor: z.string().optional(),
  }),
  run: ({ workspace }, args) => {
    const wanted = { public: 'public_channel', private: 'private_channel', im: 'im' };
    const channels = [...workspace.channels.values()].filter(
      ({ kind, isArchived, members }) =>
        args.types.includes(wanted[kind]) &&
        (kind === 'public' || members.includes(workspace.app.botUserId)) &&
        !(args.exclude_archived && isArchived),
    );
    const { items, response_metadata } = page(channels, args);
    return { channels: items.map((channel) => wireChannel(workspace, channel)), response_metadata };
  },
});

const history = defineMethod({
  scope: 'channels:history',
  arguments: z.object(span),
  run: (call, args) => {
    const channel = readableChannel(call, args.channel);
    const messages = call.workspace
      .messagesOf(channel.id)
      .filter(({ threadTs, isBroadcast }) => threadTs === null || isBroadcast)
      .filter((message) => isWithin(message, args))
      .reverse();
    return answer(call, messages, args);
  },
});

const replies = defineMethod({
  scope: 'channels:history',
  arguments: z.object({ ...span, ts: id }),
  run: (call, args) => {
    const channel = readableChannel(call, args.channel);
    const asked = call.workspace.findMessage(channel.id, args.ts);
    const parent = asked?.threadTs ? call.workspace.findMessage(channel.id, asked.threadTs) : asked;
    if (!parent) throw new SlackRefusal('thread_not_found');
    const thread = call.workspace.repliesOf(channel.id, parent.ts).filter((reply) => isWithin(reply, args));
    return answer(call, [parent, ...thread], args);
  },
});

const open = defineMethod({
  scope: 'im:write',
  arguments: z.object({ users: commaList.optional(), channel: id.optional(), return_im: flag }),
  run: (call, { users = [], channel: channelId }) => {
    const first = users[0];
    const channel = channelId
      ? visibleChannel(call, channelId)
      : first && call.workspace.openDirect(knownUser(call, first).id);
    if (!channel) throw new SlackRefusal('users_list_not_supplied');
    return { channel: wireChannel(call.workspace, channel) };
  },
});

const members = defineMethod({
  scope: 'channels:read',
  arguments: z.object({ channel: id, limit: limit(100), cursor: z.string().optional() }),
  run: (call, args) => {
    const { items, response_metadata } = page(visibleChannel(call, args.channel).members, args);
    return { members: items, response_metadata };
  },
});

const join = defineMethod({
  scope: 'channels:join',
  arguments: z.object({ channel: id }),
  run: (call, args) => {
    const channel = visibleChannel(call, args.channel);
    if (channel.kind !== 'public') throw new SlackRefusal('method_not_supported_for_channel_type');
    if (channel.isArchived) throw new SlackRefusal('is_archived');
    const { botUserId } = call.workspace.app;
    if (!channel.members.includes(botUserId)) channel.members.push(botUserId);
    call.workspace.changed();
    return { channel: wireChannel(call.workspace, channel) };
  },
});

export const conversations: Record<string, Method> = {
  'conversations.info': info,
  'conversations.list': list,
  'conversations.history': history,
  'conversations.replies': replies,
  'conversations.open': open,
  'conversations.members': members,
  'conversations.join': join,
};

function isWithin({ ts, ephemeralFor }: Message, { oldest, latest, inclusive }: Span): boolean {
  if (ephemeralFor !== null) return false;
  const at = Number(ts);
  if (oldest !== undefined && (inclusive ? at < Number(oldest) : at <= Number(oldest))) return false;
  return latest === undefined || (inclusive ? at <= Number(latest) : at < Number(latest));
}

function answer(
  call: Call,
  messages: Message[],
  args: { limit: number; cursor?: string | undefined; include_all_metadata: boolean },
) {
  const { items, hasMore, response_metadata } = page(messages, args);
  const options = { withMetadata: args.include_all_metadata, baseUrl: call.baseUrl };
  return {
    messages: items.map((message) => wireMessage(call.workspace, message, options)),
    has_more: hasMore,
    response_metadata,
  };
}
