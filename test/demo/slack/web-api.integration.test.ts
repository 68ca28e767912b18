import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startLocalSlack, type LocalSlack } from '../../../demo/slack/server.js';
import { word } from '../../../demo/slack/types.js';
import { clientOf } from './bot.js';

let slack: LocalSlack;
beforeAll(async () => {
  slack = await startLocalSlack({ timing: { triggerMs: 600, responseUrlMs: 400 } });
});
afterEach(() => slack.control.reset());
afterAll(() => slack.close());

const channel = 'C0OPSAPI';
const error = (data: object): unknown =>
  expect.objectContaining({ data: expect.objectContaining(data) as unknown });

describe('chat', () => {
  it('keeps metadata and gives it back only when asked', async () => {
    const client = clientOf(slack);
    const metadata = { event_type: 'diag503_message', event_payload: { key: 'm1', nested: { a: 1 } } };
    const { ts = '' } = await client.chat.postMessage({ channel, text: 'head' });
    await client.chat.postMessage({ channel, thread_ts: ts, text: 'reply', metadata });
    const thread = { channel, ts };
    const plain = await client.conversations.replies(thread);
    const full = await client.conversations.replies({ ...thread, include_all_metadata: true });
    expect(plain.messages?.map((message) => message.metadata)).toEqual([undefined, undefined]);
    expect(full.messages?.[1]?.metadata).toEqual(metadata);
    expect(full.messages?.[0]).toMatchObject({ reply_count: 1, thread_ts: ts });
  });

  it('pages history, newest first, without replies', async () => {
    const client = clientOf(slack);
    for (const text of ['1', '2', '3']) await client.chat.postMessage({ channel, text });
    const { ts = '' } = await client.chat.postMessage({ channel, text: '4' });
    await client.chat.postMessage({ channel, thread_ts: ts, text: 'reply' });
    await client.chat.postMessage({ channel, thread_ts: ts, text: 'broadcast', reply_broadcast: true });
    const first = await client.conversations.history({ channel, limit: 2 });
    expect(first.messages?.map(({ text }) => text)).toEqual(['broadcast', '4']);
    const cursor = first.response_metadata?.next_cursor ?? '';
    const second = await client.conversations.history({ channel, limit: 2, cursor });
    expect(second.messages?.map(({ text }) => text)).toEqual(['3', '2']);
    const since = await client.conversations.history({ channel, oldest: ts, inclusive: true });
    expect(since.messages?.map(({ text }) => text)).toEqual(['broadcast', '4']);
  });

  it.each([
    [{ channel: 'C0NOWHERE', text: 'x' }, 'channel_not_found'],
    [{ channel: 'G0SECURITY', text: 'x' }, 'channel_not_found'],
    [{ channel: 'C0OLD', text: 'x' }, 'is_archived'],
    [{ channel, text: '' }, 'no_text'],
    [{ channel, text: 'x', thread_ts: '1.000001' }, 'thread_not_found'],
    [{ channel, text: 'x'.repeat(40_001) }, 'msg_too_long'],
  ])('refuses %j with %s', async (args, expected) => {
    await expect(clientOf(slack).chat.postMessage(args)).rejects.toEqual(error({ error: expected }));
  });

  it('refuses public channels it is not in, without chat:write.public', async () => {
    slack.control.revokeScope('chat:write.public');
    const post = clientOf(slack).chat.postMessage({ channel: 'C0GENERAL', text: 'x' });
    await expect(post).rejects.toEqual(error({ error: 'not_in_channel' }));
  });

  it('edits and deletes only what the bot wrote', async () => {
    const { ts } = await slack.control.say({ user: 'ana', channel, text: 'mine' });
    const { chat } = clientOf(slack);
    await expect(chat.update({ channel, ts, text: 'x' })).rejects.toEqual(
      error({ error: 'cant_update_message' }),
    );
    await expect(chat.delete({ channel, ts })).rejects.toEqual(error({ error: 'cant_delete_message' }));
    const missing = chat.update({ channel, ts: '1.000002', text: 'x' });
    await expect(missing).rejects.toEqual(error({ error: 'message_not_found' }));
  });
});

describe('access', () => {
  it.each([
    ['', 'not_authed'],
    ['xoxb-wrong', 'invalid_auth'],
    ['xapp-1-A0DIAG503-local-app-token', 'not_allowed_token_type'],
  ])('answers token %j with %s', async (token, expected) => {
    const response = await fetch(`${slack.apiUrl}auth.test`, {
      method: 'POST',
      headers: token === '' ? {} : { authorization: `Bearer ${token}` },
    });
    expect(await response.json()).toMatchObject({ ok: false, error: expected });
  });

  it('names a missing scope, an unknown method and missing arguments', async () => {
    slack.control.revokeScope('users:read');
    const client = clientOf(slack);
    await expect(client.users.info({ user: 'U0ANA' })).rejects.toEqual(
      error({ error: 'missing_scope', needed: 'users:read' }),
    );
    await expect(client.apiCall('no.such')).rejects.toEqual(error({ error: 'unknown_method' }));
    await expect(client.apiCall('chat.postMessage', { text: 'x' })).rejects.toEqual(
      error({ error: 'invalid_arguments' }),
    );
  });

  it('tells guests, strangers, bots and the deactivated apart', async () => {
    const { users } = clientOf(slack);
    const ask = async (user: string) => (await users.info({ user })).user;
    expect(await ask('U0GUEST')).toMatchObject({ is_restricted: true, is_ultra_restricted: false });
    expect(await ask('U0SINGLE')).toMatchObject({ is_ultra_restricted: true });
    expect(await ask('U0FOREIGN')).toMatchObject({ team_id: 'T0PARTNER', is_stranger: true });
    expect(await ask('U0GONE')).toMatchObject({ deleted: true });
    expect(await ask('U0ROBOT')).toMatchObject({ is_bot: true });
    await expect(ask('U0NOBODY')).rejects.toEqual(error({ error: 'user_not_found' }));
  });

  it('takes JSON bodies too', async () => {
    const response = await fetch(`${slack.apiUrl}chat.postMessage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${slack.botToken}` },
      body: JSON.stringify({ channel, text: 'as json', unknown_argument: 1 }),
    });
    expect(await response.json()).toMatchObject({ ok: true, message: { text: 'as json' } });
  });
});

describe('files', () => {
  it.each([
    ['text', 'line 1\nline 2'],
    ['bytes', Buffer.from([0, 13, 10, 255, 13, 10, 13, 10])],
  ])('uploads %s into a thread', async (_kind, file) => {
    const client = clientOf(slack);
    const { ts = '' } = await client.chat.postMessage({ channel, text: 'head' });
    await client.filesUploadV2({
      channel_id: channel,
      thread_ts: ts,
      filename: 'evidence.txt',
      initial_comment: 'all of it',
      ...(typeof file === 'string' ? { content: file } : { file }),
    });
    const message = slack.control.thread('ops-api', ts)[1];
    const stored = slack.workspace.files.get(message?.files[0] ?? '');
    expect(message?.text).toBe('all of it');
    expect(stored?.content).toEqual(Buffer.from(file));
    const info = await client.files.info({ file: stored?.id ?? '' });
    const download = await fetch(info.file?.url_private ?? '');
    expect(Buffer.from(await download.arrayBuffer())).toEqual(Buffer.from(file));
  });
});

describe('views', () => {
  const view = { type: 'modal' as const, title: { type: 'plain_text' as const, text: 'T' }, blocks: [] };
  const triggerOf = async () => {
    await slack.control.command('ana', 'ops-api', '/diag503'); // nobody is connected: the payload is what we want
    return word(slack.control.deliveries().at(-1)?.payload['trigger_id']);
  };

  it('takes a trigger once and only while it is fresh', async () => {
    const { views } = clientOf(slack);
    const trigger_id = await triggerOf();
    const opened = await views.open({ trigger_id, view });
    expect(opened.view).toMatchObject({ type: 'modal' });
    await expect(views.open({ trigger_id, view })).rejects.toEqual(error({ error: 'exchanged_trigger_id' }));
    await expect(views.open({ trigger_id: 'no', view })).rejects.toEqual(
      error({ error: 'invalid_trigger_id' }),
    );
    const stale = await triggerOf();
    await new Promise((resolve) => setTimeout(resolve, 700));
    await expect(views.open({ trigger_id: stale, view })).rejects.toEqual(
      error({ error: 'expired_trigger_id' }),
    );
  });

  it('updates by hash and refuses a title of 25 characters', async () => {
    const { views } = clientOf(slack);
    const { view: opened } = await views.open({ trigger_id: await triggerOf(), view });
    const view_id = opened?.id ?? '';
    await views.update({ view_id, hash: opened?.hash ?? '', view });
    const stale = views.update({ view_id, hash: opened?.hash ?? '', view });
    await expect(stale).rejects.toEqual(error({ error: 'hash_conflict' }));
    const long = { ...view, title: { type: 'plain_text' as const, text: 'x'.repeat(25) } };
    await expect(views.update({ view_id, view: long })).rejects.toEqual(
      error({ error: 'invalid_arguments' }),
    );
  });
});

describe('response_url', () => {
  const urlOf = async () => {
    await slack.control.command('ana', 'ops-api', '/diag503');
    return word(slack.control.deliveries().at(-1)?.payload['response_url']);
  };
  const answer = (url: string, body: object) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('takes five answers', async () => {
    const url = await urlOf();
    for (let use = 1; use <= 5; use += 1) expect((await answer(url, { text: `${use}` })).status).toBe(200);
    const sixth = await answer(url, { text: '6' });
    expect([sixth.status, await sixth.json()]).toEqual([404, { ok: false, error: 'used_url' }]);
  });

  it('ends with its time and checks blocks', async () => {
    const url = await urlOf();
    expect((await answer(url, { text: 'x', blocks: [{ type: 'nonsense' }] })).status).toBe(400);
    await new Promise((resolve) => setTimeout(resolve, 450));
    expect(await (await answer(url, { text: 'late' })).json()).toEqual({ ok: false, error: 'expired_url' });
  });
});
