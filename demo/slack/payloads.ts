import { elementState, interactiveElements, initialChoice, type FoundElement } from './elements.js';
import {
  objectsOf,
  word,
  type Channel,
  type Json,
  type JsonObject,
  type Message,
  type User,
  type View,
} from './types.js';
import { wireMessage, wireView } from './wire.js';
import type { Workspace } from './workspace.js';

/** Slack's old, deprecated verification token; still sent, never to be trusted. */
const token = 'local-verification-token';

export type Choices = Record<string, string | string[]>;

type Origin = { workspace: Workspace; user: User; triggerId: string };

const envelope = ({ workspace: { team, app }, user, triggerId }: Origin): JsonObject => ({
  token,
  api_app_id: app.id,
  team: { id: team.id, domain: team.domain },
  enterprise: null,
  is_enterprise_install: false,
  user: { id: user.id, username: user.name, name: user.name, team_id: user.teamId },
  trigger_id: triggerId,
});

export function commandPayload(
  origin: Origin,
  {
    channel,
    command,
    text,
    responseUrl,
  }: { channel: Channel; command: string; text: string; responseUrl: string },
): JsonObject {
  const { workspace, user, triggerId } = origin;
  return {
    token,
    team_id: workspace.team.id,
    team_domain: workspace.team.domain,
    channel_id: channel.id,
    channel_name: { public: channel.name, private: 'privategroup', im: 'directmessage' }[channel.kind],
    user_id: user.id,
    user_name: user.name,
    command,
    text,
    api_app_id: workspace.app.id,
    is_enterprise_install: 'false',
    response_url: responseUrl,
    trigger_id: triggerId,
  };
}

export function messageActionPayload(
  origin: Origin,
  {
    message,
    found,
    chosen,
    responseUrl,
  }: { message: Message; found: FoundElement; chosen: string | undefined; responseUrl: string },
): JsonObject {
  const { workspace } = origin;
  const channel = workspace.channels.get(message.channel);
  const isEphemeral = message.ephemeralFor !== null;
  return {
    type: 'block_actions',
    ...envelope(origin),
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: message.channel,
      is_ephemeral: isEphemeral,
      ...(message.threadTs !== null && { thread_ts: message.threadTs }),
    },
    channel: { id: message.channel, name: channel?.kind === 'im' ? 'directmessage' : (channel?.name ?? '') },
    ...(!isEphemeral && { message: wireMessage(workspace, message) }),
    state: { values: stateValues(message.blocks, {}) },
    response_url: responseUrl,
    actions: [action(workspace, found, chosen)],
  };
}

export function viewActionPayload(
  origin: Origin,
  {
    view,
    found,
    chosen,
    choices,
  }: { view: View; found: FoundElement; chosen: string | undefined; choices: Choices },
): JsonObject {
  return {
    type: 'block_actions',
    ...envelope(origin),
    container: { type: 'view', view_id: view.id },
    view: viewWithState(origin.workspace, view, choices),
    actions: [action(origin.workspace, found, chosen)],
  };
}

export function viewPayload(
  origin: Origin,
  { type, view, choices }: { type: 'view_submission' | 'view_closed'; view: View; choices: Choices },
): JsonObject {
  return {
    type,
    ...envelope(origin),
    view: viewWithState(origin.workspace, view, choices),
    ...(type === 'view_submission' ? { response_urls: [] } : { is_cleared: false }),
  };
}

export function eventPayload(workspace: Workspace, event: JsonObject): JsonObject {
  return {
    token,
    type: 'event_callback',
    team_id: workspace.team.id,
    api_app_id: workspace.app.id,
    event_id: workspace.newId('Ev'),
    event_time: Math.floor(Date.now() / 1000),
    authorizations: [
      { enterprise_id: null, team_id: workspace.team.id, user_id: workspace.app.botUserId, is_bot: true },
    ],
    is_ext_shared_channel: false,
    event: { event_ts: workspace.nextTs(), ...event },
  };
}

function action(
  workspace: Workspace,
  { blockId, element }: FoundElement,
  chosen: string | undefined,
): JsonObject {
  const { type, action_id, text, value, style, confirm } = element;
  const isButton = type === 'button';
  const fields: Record<string, Json | undefined> = isButton
    ? { type, text, value, style, confirm }
    : elementState(element, chosen);
  const present = Object.entries(fields).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return {
    action_id: action_id ?? '',
    block_id: blockId,
    action_ts: workspace.nextTs(),
    ...Object.fromEntries(present),
  };
}

function viewWithState(workspace: Workspace, view: View, choices: Choices): JsonObject {
  const state = { values: stateValues(objectsOf(view.content['blocks']), choices) };
  return { ...wireView(workspace, view), state };
}

/** block id -> action id -> value, of all that can hold one (buttons cannot). */
function stateValues(blocks: JsonObject[], choices: Choices): JsonObject {
  const values: Record<string, JsonObject> = {};
  for (const { blockId, element } of interactiveElements(blocks)) {
    const actionId = word(element['action_id']);
    if (element['type'] === 'button' || element['type'] === 'overflow') continue;
    const chosen = choices[actionId] ?? initialChoice(element);
    values[blockId] = { ...values[blockId], [actionId]: elementState(element, chosen) };
  }
  return values;
}
