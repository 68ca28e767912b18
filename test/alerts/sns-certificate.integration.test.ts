import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createWorld } from '../../src/alerts/world.js';
import { type Amazon, startAmazon } from '../servers/amazon.js';
import { needs } from '../servers/require-server.js';
import {
  asSns,
  CERTIFICATE_URL,
  notification,
  readSigner,
  SUBSCRIBE_URL,
  subscription,
  TOKEN,
} from './providers.js';
import { NOW, openRoute, type Route, type Sent, TOPIC } from './route.js';

const signer = readSigner('sns');
const pem: RequestListener = (_request, response) => void response.end(signer.pem);

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

/** The bot's own world, with Amazon's names led to a server of this test. */
async function open(
  options: Partial<Parameters<typeof startAmazon>[0]> = {},
  confirm: 'operator' | 'bot' = 'operator',
): Promise<{ amazon: Amazon; route: Route; send: (sent?: Sent) => Promise<number>; log: () => string }> {
  const amazon = await startAmazon({ answer: pem, ...options });
  const world = { ...createWorld(amazon.dispatcher), now: () => NOW };
  const route = await openRoute({ settings: { sns: { topics: [TOPIC], confirm } }, world });
  opened.push(route, amazon);
  const send = async (sent = asSns(notification(signer))): Promise<number> =>
    (await route.send('sns', sent)).status;
  return { amazon, route, send, log: () => route.lines.join('\n') };
}

const PATH = CERTIFICATE_URL.replace('https://', '');
/** Not stored, and SNS sends it again. */
const AGAIN = 503;

describe.skipIf(!needs('openssl'))('the signing certificate, over TLS', () => {
  it('is fetched from the host of the topic, once, and then known', async () => {
    const { amazon, route, send } = await open();
    expect(await send()).toBe(200);
    expect(await send(asSns(notification(signer, { MessageId: 'another' })))).toBe(200);
    expect(route.seen).toHaveLength(2);
    expect(amazon.asked).toEqual([PATH]);
  });

  it('is fetched once for ten messages at the same moment', async () => {
    const { amazon, send } = await open({
      answer: (request, response) => void setTimeout(() => pem(request, response), 300),
    });
    const statuses = await Promise.all(
      Array.from({ length: 10 }, (_, index) => send(asSns(notification(signer, { MessageId: `m${index}` })))),
    );
    expect(statuses).toEqual(Array.from({ length: 10 }, () => 200));
    expect(amazon.asked).toEqual([PATH]);
  });

  it.each([
    ['of another region', { names: ['sns.us-east-1.amazonaws.com'] }, /altnames|does not match/],
    ['of a name that only ends like it', { names: ['eu-west-1.amazonaws.com'] }, /altnames|does not match/],
    ['that ended yesterday', { days: { from: -3, until: -1 } }, /expired/],
    ['that begins tomorrow', { days: { from: 1, until: 3 } }, /not yet valid/],
    ['of an authority that nobody trusts', { isTrusted: false }, /certificate|signature/],
  ])('is not taken from a server with a certificate %s', async (_name, options, why) => {
    const { amazon, route, send, log } = await open(options);
    expect(await send()).toBe(AGAIN);
    expect({ seen: route.seen, asked: amazon.asked }).toEqual({ seen: [], asked: [] });
    expect(log()).toMatch(why);
  });

  const redirect =
    (to: string): RequestListener =>
    ({ url }, response) =>
      url === '/elsewhere' ? response.end(signer.pem) : response.writeHead(302, { location: to }).end();
  const oversize: RequestListener = (_request, response) =>
    void response.end(`${signer.pem}${' '.repeat(17 * 1024)}`);
  it.each<[string, RequestListener]>([
    ['leads elsewhere at the same host', redirect('/elsewhere')],
    ['leads to another host', redirect('https://evil.example/elsewhere')],
    ['is larger than 16 KiB', oversize],
    ['is a page', (_request, response) => void response.end('<html>sign in to the network</html>')],
    ['is empty', (_request, response) => void response.end()],
    ['is not there', (_request, response) => void response.writeHead(404).end(signer.pem)],
    [
      'breaks off',
      (_request, response) => void response.write(signer.pem.slice(0, 99), () => response.destroy()),
    ],
  ])('is not taken when it %s, and asked for anew the next time', async (_name, bad) => {
    let isWell = false;
    const { amazon, route, send, log } = await open({
      answer: (request, response) => (isWell ? pem : bad)(request, response),
    });
    expect(await send()).toBe(AGAIN);
    expect(route.seen).toEqual([]);
    expect(amazon.asked).toEqual([PATH]);
    expect(log()).toContain('its certificate could not be fetched: ');
    isWell = true;
    expect(await send()).toBe(200);
  });

  it('is waited for no longer than five seconds, also when it comes byte by byte', async () => {
    const { route, send } = await open({
      answer: (_request, response) => {
        const timer = setInterval(() => response.write('-'), 200);
        response.once('close', () => clearInterval(timer));
      },
    });
    const began = Date.now();
    expect(await send()).toBe(AGAIN);
    expect(Date.now() - began).toBeLessThan(7_000);
    expect(route.seen).toEqual([]);
  }, 15_000);
});

describe.skipIf(!needs('openssl'))('a subscription, over TLS', () => {
  const confirmed = `sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=${TOKEN}`;

  it('is confirmed once by the bot, at the host of the topic', async () => {
    const { amazon, send, log } = await open({}, 'bot');
    expect(await send(asSns(subscription(signer)))).toBe(200);
    expect(amazon.asked).toEqual([PATH, confirmed]);
    expect(log()).toContain('it is confirmed');
  });

  it('is shown to the operator and not opened where that is wanted', async () => {
    const { amazon, send, log } = await open();
    expect(await send(asSns(subscription(signer)))).toBe(200);
    expect(amazon.asked).toEqual([PATH]);
    expect(log()).toContain(`open this once: ${SUBSCRIBE_URL}`);
  });

  it('of another topic is refused before anything is asked', async () => {
    const { amazon, send, log } = await open({}, 'bot');
    const other = TOPIC.replace('123456789012', '999999999999');
    expect(await send(asSns(subscription(signer, { TopicArn: other })))).toBe(401);
    expect(amazon.asked).toEqual([]);
    expect(log()).toContain('its topic is none of ours');
  });

  it('whose confirmation leads elsewhere is not confirmed', async () => {
    const { send } = await open(
      {
        answer: (request, response) =>
          request.url?.startsWith('/?') === true
            ? response.writeHead(302, { location: 'https://evil.example/' }).end()
            : pem(request, response),
      },
      'bot',
    );
    expect(await send(asSns(subscription(signer)))).toBe(AGAIN);
  });
});
