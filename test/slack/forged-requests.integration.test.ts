import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type BotAtSlack, commandBody, sign, startBotAtSlack } from './local-slack-bot.js';

type Sent = { body: string | Buffer; headers: Record<string, string | string[]>; method?: string };

const now = (): number => Math.floor(Date.now() / 1000);
const FORM = 'application/x-www-form-urlencoded';

describe('the signed endpoint', () => {
  let bot: BotAtSlack;
  const users = () => bot.slack.control.calls('users.info').length;
  beforeAll(async () => {
    bot = await startBotAtSlack('http');
  });
  afterAll(() => bot.close());
  beforeEach(() => {
    bot.slack.control.reset();
    bot.asks.length = 0;
  });

  const secret = () => bot.slack.signingSecret;
  const good = (fields: Record<string, string> = {}, timestamp: number | string = now()): Sent => {
    const body = commandBody(fields);
    const signature = sign(secret(), timestamp, body);
    return {
      body,
      headers: {
        'content-type': FORM,
        'x-slack-request-timestamp': String(timestamp),
        'x-slack-signature': signature,
      },
    };
  };
  const withHeaders = (headers: Record<string, string | string[] | undefined>): Sent => {
    const sent = good();
    const merged = Object.entries({ ...sent.headers, ...headers }).filter(
      (entry): entry is [string, string | string[]] => entry[1] !== undefined,
    );
    return { ...sent, headers: Object.fromEntries(merged) };
  };
  const send = ({ body, headers, method = 'POST' }: Sent): Promise<number> =>
    new Promise((resolve, reject) => {
      const outgoing = request(bot.endpoint, { method, headers, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      outgoing.on('error', reject);
      outgoing.end(method === 'GET' ? undefined : body);
    });
  const signature = (sent: Sent): string => String(sent.headers['x-slack-signature']);

  it('takes a good request', async () => {
    expect(await send(good())).toBe(200);
    await vi.waitFor(() => expect(bot.asks).toHaveLength(1));
  });

  it.each<[string, () => Sent, number]>([
    ['no signature', () => withHeaders({ 'x-slack-signature': undefined }), 401],
    ['an empty signature', () => withHeaders({ 'x-slack-signature': '' }), 401],
    ['only the version', () => withHeaders({ 'x-slack-signature': 'v0=' }), 401],
    [
      'another version',
      () => withHeaders({ 'x-slack-signature': signature(good()).replace('v0', 'v1') }),
      401,
    ],
    ['no version', () => withHeaders({ 'x-slack-signature': signature(good()).slice(3) }), 401],
    [
      'upper-case hex',
      () => withHeaders({ 'x-slack-signature': `v0=${signature(good()).slice(3).toUpperCase()}` }),
      401,
    ],
    ['a shorter signature', () => withHeaders({ 'x-slack-signature': signature(good()).slice(0, -1) }), 401],
    ['a longer signature', () => withHeaders({ 'x-slack-signature': `${signature(good())}0` }), 401],
    ['zeros', () => withHeaders({ 'x-slack-signature': `v0=${'0'.repeat(64)}` }), 401],
    [
      'two signatures',
      () => withHeaders({ 'x-slack-signature': [signature(good()), signature(good())] }),
      401,
    ],
    [
      'another secret',
      () => withHeaders({ 'x-slack-signature': sign('f'.repeat(32), now(), commandBody()) }),
      401,
    ],
    ['an empty secret', () => withHeaders({ 'x-slack-signature': sign('', now(), commandBody()) }), 401],
    ['no time', () => withHeaders({ 'x-slack-request-timestamp': undefined }), 401],
    ['an empty time', () => withHeaders({ 'x-slack-request-timestamp': '' }), 401],
    ['a second too old', () => good({}, now() - 302), 401],
    ['an hour old', () => good({}, now() - 3600), 401],
    ['a second too new', () => good({}, now() + 303), 401],
    ['an hour in the future', () => good({}, now() + 3600), 401],
    ['a time that is no number', () => good({}, 'NaN'), 401],
    ['a time in exponents', () => good({}, '1e99'), 401],
    ['a negative time', () => good({}, `-${now()}`), 401],
    ['a time with a fraction', () => good({}, `${now()}.5`), 401],
    ['a hexadecimal time', () => good({}, `0x${now().toString(16)}`), 401],
    ['a time in milliseconds', () => good({}, Date.now()), 401],
    ['another time than signed', () => withHeaders({ 'x-slack-request-timestamp': String(now() - 60) }), 401],
    ['a byte more', () => ({ ...good(), body: `${commandBody()}x` }), 401],
    ['another service than signed', () => ({ ...good(), body: commandBody({ text: 'shop' }) }), 401],
    [
      'another order of fields',
      () => ({ ...good(), body: [...commandBody().split('&')].toReversed().join('&') }),
      401,
    ],
    ['no body', () => ({ ...good(), body: '' }), 401],
    [
      'ssl_check without a signature',
      () => ({ body: 'ssl_check=1&token=x', headers: { 'content-type': FORM } }),
      401,
    ],
    ['ssl_check beside a command', () => ({ ...good(), body: `${commandBody()}&ssl_check=1` }), 401],
    [
      'url_verification without a signature',
      () => ({
        body: '{"type":"url_verification","challenge":"x"}',
        headers: { 'content-type': 'application/json' },
      }),
      401,
    ],
    ['compression', () => withHeaders({ 'content-encoding': 'gzip' }), 415],
    ['300 KiB', () => good({ text: 'x'.repeat(300 * 1024) }), 413],
    ['5 MB', () => good({ text: 'x'.repeat(5_000_000) }), 413],
    ['GET', () => ({ ...good(), method: 'GET' }), 405],
    ['PUT', () => ({ ...good(), method: 'PUT' }), 405],
  ])('refuses %s', async (_what, forged, status) => {
    const answered = await send(forged()).catch((error: unknown) => {
      const code = error instanceof Error && 'code' in error ? error.code : null;
      if (code === 'EPIPE' || code === 'ECONNRESET') return status; // hung up on while still sending
      throw error;
    });
    expect(answered).toBe(status);
    await sleep(20);
    expect(bot.asks).toEqual([]);
    expect(users()).toBe(0);
  });

  it('takes both edges of the window', async () => {
    expect(await send(good({}, now() - 290))).toBe(200);
    expect(await send(good({}, now() + 290))).toBe(200);
  });

  it('takes one of 100 replays at once, and none later', async () => {
    const captured = good();
    const answers = await Promise.all(Array.from({ length: 100 }, () => send(captured)));
    expect(answers.filter((status) => status === 200)).toHaveLength(1);
    expect(answers.filter((status) => status === 401)).toHaveLength(99);
    expect(await send(captured)).toBe(401);
    await vi.waitFor(() => expect(bot.asks).toHaveLength(1));
  });

  it.each([
    ['another workspace', { team_id: 'T0PARTNER' }],
    ['no workspace', { team_id: '' }],
    ['no user', { user_id: '' }],
    ['a user id that is a mention', { user_id: '<!channel>' }],
    ['an unknown user', { user_id: 'U0NOBODY' }],
  ])('acknowledges, but does not obey, %s', async (_what, fields) => {
    expect(await send(good(fields))).toBe(200);
    await sleep(50);
    expect(bot.asks).toEqual([]);
  });

  it.each(['__proto__', 'constructor.prototype', '[object Object]', '\u0000', '١'])(
    'is not confused by the text %j',
    async (text) => {
      expect(await send(good({ text, __proto__: 'x' }))).toBe(200);
      await sleep(20);
      expect(bot.asks).toEqual([]);
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    },
  );
});
