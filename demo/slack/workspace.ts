import { randomBytes } from 'node:crypto';
import { APP, seedChannels, seedUsergroups, seedUsers, TEAM } from './seed.js';
import type { Channel, Message, StoredFile, User, Usergroup, View } from './types.js';

export type Workspace = ReturnType<typeof createWorkspace>;

type NewMessage = Partial<Message> & Pick<Message, 'channel' | 'user'>;

/** All that the local Slack remembers, in memory. Whoever changes it calls `changed()`, and open pages redraw. */
export function createWorkspace() {
  const state = {
    users: new Map<string, User>(),
    channels: new Map<string, Channel>(),
    usergroups: new Map<string, Usergroup>(),
    messages: new Map<string, Message[]>(),
    files: new Map<string, StoredFile>(),
    views: new Map<string, View>(),
  };
  const listeners = new Set<() => void>();
  let lastTs = 0;

  const changed = () => {
    for (const listener of listeners) listener();
  };

  function reset() {
    for (const map of Object.values(state)) map.clear();
    for (const user of seedUsers()) state.users.set(user.id, user);
    for (const channel of seedChannels()) state.channels.set(channel.id, channel);
    for (const usergroup of seedUsergroups()) state.usergroups.set(usergroup.id, usergroup);
    changed();
  }

  /** Slack's clock of messages: seconds with six digits, never the same twice. */
  function nextTs(): string {
    lastTs = Math.max(lastTs + 1, Date.now() * 1000);
    const digits = String(lastTs);
    return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
  }

  const messagesOf = (channel: string) => state.messages.get(channel) ?? [];

  function addMessage(fields: NewMessage): Message {
    const message: Message = {
      ts: nextTs(),
      threadTs: null,
      isFromBot: fields.user === APP.botUserId,
      text: '',
      blocks: [],
      attachments: [],
      metadata: null,
      files: [],
      reactions: [],
      editedTs: null,
      isBroadcast: false,
      ephemeralFor: null,
      ...fields,
    };
    state.messages.set(message.channel, [...messagesOf(message.channel), message]);
    changed();
    return message;
  }

  function removeMessage({ channel, ts }: Pick<Message, 'channel' | 'ts'>) {
    const rest = messagesOf(channel).filter((message) => message.ts !== ts);
    state.messages.set(channel, rest);
    changed();
  }

  /** By id, or by name with or without the `#`. */
  function findChannel(name: string): Channel | undefined {
    const plain = name.replace(/^#/, '');
    return state.channels.get(name) ?? [...state.channels.values()].find((channel) => channel.name === plain);
  }

  /** By id, or by name with or without the `@`. */
  function findUser(name: string): User | undefined {
    const plain = name.replace(/^@/, '');
    return state.users.get(name) ?? [...state.users.values()].find((user) => user.name === plain);
  }

  function openDirect(user: string): Channel {
    const id = `D0${user.replace(/^U0?/, '')}`;
    const existing = state.channels.get(id);
    if (existing) return existing;
    const channel: Channel = {
      id,
      name: id,
      kind: 'im',
      members: [user, APP.botUserId],
      isArchived: false,
      isExternallyShared: false,
      topic: '',
    };
    state.channels.set(id, channel);
    changed();
    return channel;
  }

  reset();
  return {
    ...state,
    team: TEAM,
    app: APP,
    reset,
    changed,
    nextTs,
    newId: (prefix: string) => `${prefix}${randomBytes(5).toString('hex').toUpperCase()}`,
    messagesOf,
    addMessage,
    removeMessage,
    findMessage: (channel: string, ts: string) => messagesOf(channel).find((message) => message.ts === ts),
    repliesOf: (channel: string, threadTs: string) =>
      messagesOf(channel).filter((message) => message.threadTs === threadTs && message.ephemeralFor === null),
    findChannel,
    findUser,
    openDirect,
    onChange: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
