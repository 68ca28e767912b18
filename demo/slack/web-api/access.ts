import type { Channel, Message, User } from '../types.js';
import { SlackRefusal, type Call } from './define-method.js';

/** A channel that the bot can see: of a private one it is not in, Slack denies the existence. */
export function visibleChannel({ workspace }: Call, name: string): Channel {
  const channel = workspace.findChannel(name);
  const isHidden = channel?.kind !== 'public' && !channel?.members.includes(workspace.app.botUserId);
  if (!channel || isHidden) throw new SlackRefusal('channel_not_found');
  return channel;
}

/** Where the bot may write: channels it is in, public ones with chat:write.public, users as direct messages. */
export function writableChannel(call: Call, name: string): Channel {
  const { workspace } = call;
  if (workspace.users.has(name)) return workspace.openDirect(name);
  const channel = visibleChannel(call, name);
  if (channel.isArchived) throw new SlackRefusal('is_archived');
  const isMember = channel.members.includes(workspace.app.botUserId);
  if (!isMember && !call.hasScope('chat:write.public')) throw new SlackRefusal('not_in_channel');
  return channel;
}

export function readableChannel(call: Call, name: string): Channel {
  const channel = visibleChannel(call, name);
  if (!channel.members.includes(call.workspace.app.botUserId)) throw new SlackRefusal('not_in_channel');
  return channel;
}

export function existingMessage({ workspace }: Call, channel: string, ts: string): Message {
  const message = workspace.findMessage(channel, ts);
  if (!message || message.ephemeralFor !== null) throw new SlackRefusal('message_not_found');
  return message;
}

export function knownUser({ workspace }: Call, id: string): User {
  const user = workspace.users.get(id);
  if (!user) throw new SlackRefusal('user_not_found');
  return user;
}
