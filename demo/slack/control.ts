import type { Calls } from './calls.js';
import type { Dispatch } from './dispatch.js';
import type { FaultInput, Faults } from './faults.js';
import type { Choices } from './payloads.js';
import type { SocketMode } from './socket-mode.js';
import type { Channel, JsonObject, Message, User } from './types.js';
import { topView } from './web-api/views.js';
import type { Workspace } from './workspace.js';

export type Control = ReturnType<typeof createControl>;

type Services = {
  workspace: Workspace;
  dispatch: Dispatch;
  faults: Faults;
  calls: Calls;
  sockets: SocketMode;
  scopes: Set<string>;
  onReset: () => void;
};
type Press = {
  user: string;
  channel: string;
  ts: string;
  actionId: string;
  blockId?: string | undefined;
  /** the option chosen, for selects and menus */
  value?: string | undefined;
};

/** What tests, the demo and the page can do. Users and channels go by id or name. */
export function createControl(services: Services) {
  const { workspace, dispatch, faults, calls, sockets } = services;

  function user(name: string): User {
    const found = workspace.findUser(name);
    if (!found) throw new Error(`no user ${name}`);
    return found;
  }

  function channel(name: string): Channel {
    const found = workspace.findChannel(name);
    if (!found) throw new Error(`no channel ${name}`);
    return found;
  }

  /** What a user sees in a channel, oldest first; without a user all that is not ephemeral. */
  function messages(channelName: string, as?: string): Message[] {
    const reader = as === undefined ? null : user(as).id;
    return workspace
      .messagesOf(channel(channelName).id)
      .filter(({ ephemeralFor }) => ephemeralFor === null || ephemeralFor === reader);
  }

  /** The first message of a thread and its replies, ephemeral ones for `as` included. */
  function thread(channelName: string, ts: string, as?: string): Message[] {
    return messages(channelName, as).filter((message) => message.ts === ts || message.threadTs === ts);
  }

  async function press({ user: userName, channel: channelName, ts, ...target }: Press) {
    const message = workspace.findMessage(channel(channelName).id, ts);
    if (!message) throw new Error(`no message ${ts} in ${channelName}`);
    return dispatch.press(user(userName), message, target);
  }

  /** A person's own words; a mention of the bot reaches it as an event. */
  async function say({ user: userName, channel: channelName, text, threadTs = null }: Say): Promise<Message> {
    const place = channel(channelName).id;
    const message = workspace.addMessage({ channel: place, user: user(userName).id, text, threadTs });
    if (text.includes(`<@${workspace.app.botUserId}>`)) {
      const { ts } = message;
      await dispatch.event({
        type: 'app_mention',
        user: message.user,
        text,
        ts,
        channel: place,
        ...(threadTs !== null && { thread_ts: threadTs }),
      });
    }
    return message;
  }

  return {
    reset() {
      workspace.reset();
      faults.clear();
      calls.clear();
      dispatch.records.length = 0;
      services.onReset();
    },
    messages,
    thread,
    command: (userName: string, channelName: string, line: string) =>
      dispatch.command(user(userName), channel(channelName), line),
    press,
    say,
    openView: (userName: string) => topView(workspace, user(userName).id),
    submit: (userName: string, choices: Choices = {}) => dispatch.submit(user(userName), choices),
    closeView: (userName: string) => dispatch.closeView(user(userName)),
    pressInView: async (
      userName: string,
      target: { actionId: string; value?: string; choices?: Choices },
    ) => {
      const view = topView(workspace, user(userName).id);
      if (!view) throw new Error(`${userName} has no modal open`);
      return dispatch.pressInView(user(userName), view, { choices: {}, ...target });
    },
    sendEvent: (event: JsonObject) => dispatch.event(event),
    redeliver: dispatch.redeliver,
    deliveries: () => dispatch.records,
    calls: (method?: string) => calls.list(method),
    addFault: (fault: FaultInput) => faults.add(fault),
    clearFaults: () => faults.clear(),
    disconnect: (reason?: 'warning' | 'refresh_requested' | 'cut') => sockets.disconnect(reason),
    connectionCount: () => sockets.connectionCount(),
    addUser: (fields: Partial<User> & { id: string }) => {
      workspace.users.set(fields.id, { ...user('U0BEN'), name: fields.id.toLowerCase(), ...fields });
    },
    addChannel: (fields: Partial<Channel> & { id: string; name: string }) => {
      workspace.channels.set(fields.id, { ...channel('C0OPSAPI'), ...fields });
      workspace.changed();
    },
    /** Takes a scope from the token, to see `missing_scope`. */
    revokeScope: (scope: string) => services.scopes.delete(scope),
  };
}

type Say = { user: string; channel: string; text: string; threadTs?: string | null };
