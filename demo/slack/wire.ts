import type { Channel, Json, JsonObject, Message, StoredFile, User, Usergroup, View } from './types.js';
import type { Workspace } from './workspace.js';

/** How Slack writes its nouns in JSON. Only fields that bots commonly read. */
export function wireMessage(
  workspace: Workspace,
  message: Message,
  { withMetadata = true, baseUrl = '' } = {},
): JsonObject {
  const { app, team } = workspace;
  return {
    type: 'message',
    user: message.user,
    ts: message.ts,
    text: message.text,
    team: team.id,
    ...(message.isFromBot && { bot_id: app.botId, app_id: app.id }),
    ...filled({ blocks: message.blocks, attachments: message.attachments }),
    ...filled({ files: message.files.flatMap((id) => filesOf(workspace, id, baseUrl)) }),
    ...filled({
      reactions: message.reactions.map(({ name, users }) => ({ name, users, count: users.length })),
    }),
    ...(message.isBroadcast && { subtype: 'thread_broadcast' }),
    ...(message.editedTs !== null && { edited: { user: message.user, ts: message.editedTs } }),
    ...(withMetadata && message.metadata && { metadata: message.metadata }),
    ...threadFields(workspace, message),
  };
}

/** Slack leaves empty lists out. */
const filled = (lists: Record<string, Json[]>): JsonObject =>
  Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));

function filesOf(workspace: Workspace, id: string, baseUrl: string): JsonObject[] {
  const file = workspace.files.get(id);
  return file ? [wireFile(file, baseUrl)] : [];
}

function threadFields(workspace: Workspace, { channel, ts, threadTs }: Message): JsonObject {
  if (threadTs !== null) return { thread_ts: threadTs };
  const replies = workspace.repliesOf(channel, ts);
  const last = replies.at(-1);
  if (!last) return {};
  return {
    thread_ts: ts,
    reply_count: replies.length,
    reply_users: [...new Set(replies.map(({ user }) => user))],
    latest_reply: last.ts,
  };
}

export function wireUser(user: User): JsonObject {
  const base = { id: user.id, team_id: user.teamId, name: user.name, deleted: user.isDeactivated };
  return {
    ...base,
    real_name: user.realName,
    tz: user.timeZone,
    tz_offset: 0,
    is_admin: user.isAdmin,
    is_owner: false,
    is_bot: user.isBot,
    is_restricted: user.isRestricted,
    is_ultra_restricted: user.isUltraRestricted,
    is_stranger: user.isStranger,
    is_app_user: false,
    profile: { real_name: user.realName, display_name: user.name, team: user.teamId },
  };
}

export function wireChannel(workspace: Workspace, channel: Channel): JsonObject {
  return {
    id: channel.id,
    ...(channel.kind === 'im'
      ? { user: channel.members[0] ?? '' }
      : { name: channel.name, name_normalized: channel.name }),
    is_channel: channel.kind === 'public',
    is_group: channel.kind === 'private',
    is_im: channel.kind === 'im',
    is_mpim: false,
    is_private: channel.kind !== 'public',
    is_archived: channel.isArchived,
    is_member: channel.members.includes(workspace.app.botUserId),
    is_shared: channel.isExternallyShared,
    is_ext_shared: channel.isExternallyShared,
    is_org_shared: false,
    is_general: channel.name === 'general',
    context_team_id: workspace.team.id,
    num_members: channel.members.length,
    topic: { value: channel.topic, creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
  };
}

export function wireFile(file: StoredFile, baseUrl: string): JsonObject {
  const url = `${baseUrl}/files/${file.id}/${encodeURIComponent(file.name)}`;
  const channels = [...new Set(file.shares.map(({ channel }) => channel))];
  const shares = channels.map((channel): [string, Json] => [
    channel,
    file.shares.filter((share) => share.channel === channel).map(({ ts }) => ({ ts })),
  ]);
  return {
    id: file.id,
    name: file.name,
    title: file.title,
    mimetype: file.mimeType,
    size: file.content.length,
    user: file.user,
    created: file.created,
    url_private: url,
    url_private_download: url,
    permalink: url,
    channels,
    shares: { public: Object.fromEntries(shares) },
  };
}

export function wireUsergroup(workspace: Workspace, group: Usergroup): JsonObject {
  return {
    id: group.id,
    team_id: workspace.team.id,
    is_usergroup: true,
    handle: group.handle,
    name: group.name,
    users: group.users,
    user_count: group.users.length,
  };
}

export function wireView(workspace: Workspace, view: View): JsonObject {
  return {
    private_metadata: '',
    callback_id: '',
    title: null,
    submit: null,
    close: null,
    clear_on_close: false,
    notify_on_close: false,
    ...view.content,
    id: view.id,
    team_id: workspace.team.id,
    app_id: workspace.app.id,
    bot_id: workspace.app.botId,
    hash: view.hash,
    root_view_id: view.rootId,
    previous_view_id: view.previousId,
    external_id: view.externalId ?? '',
    state: { values: {} },
  };
}
