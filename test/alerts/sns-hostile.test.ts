import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  asSns,
  CERTIFICATE_URL,
  readSigner,
  notification,
  snsHeaders,
  SUBSCRIBE_URL,
  subscription,
  TOKEN,
} from './providers.js';
import { NOW, openRoute, type Route, type Sent, TOPIC } from './route.js';

const signer = readSigner('sns');
const stranger = readSigner('sns-stranger');
const elliptic = readSigner('valid');
const OTHER_TOPIC = 'arn:aws:sns:eu-west-1:999999999999:alarms';

type Variant = [name: string, status: number, make: () => Sent];
/** Changed and then signed by SNS's own key: an attacker can be a customer of it too. */
const signed = (change: Record<string, unknown>) => () => asSns(notification(signer, change));
/** Changed after it was signed. */
const changed = (change: Record<string, unknown>) => () => asSns({ ...notification(signer), ...change });
const withHeaders = (headers: Sent['headers']) => () => ({
  ...asSns(notification(signer)),
  headers: { ...snsHeaders, ...headers },
});
const text = (change: (body: string) => string | Buffer) => () => ({
  headers: snsHeaders,
  body: change(JSON.stringify(notification(signer))),
});
const ago = (ms: number) => ({ Timestamp: new Date(NOW - ms).toISOString() });
const at = (url: string) => signed({ SigningCertURL: url });

const forgeries: Variant[] = [
  ['no signature', 400, changed({ Signature: undefined })],
  ['an empty signature', 400, changed({ Signature: '' })],
  ['a signature that is no base64', 400, changed({ Signature: '!!!!!!!!!!!!!!!!!!!!' })],
  ['a signature of zeros', 401, changed({ Signature: Buffer.alloc(256).toString('base64') })],
  ['a signature by a stranger', 401, () => asSns(notification(stranger))],
  ['a signature of version 1', 401, () => asSns(notification(signer, { SignatureVersion: '1' }, 'RSA-SHA1'))],
  ['a signature by SHA-1 that says version 2', 401, () => asSns(notification(signer, {}, 'RSA-SHA1'))],
  ['a signature of version 3', 401, signed({ SignatureVersion: '3' })],
  ['another message than was signed', 401, changed({ Message: '{"AlarmName":"a","NewStateValue":"OK"}' })],
  ['another subject', 401, changed({ Subject: 'OK' })],
  ['a subject taken out', 401, changed({ Subject: undefined })],
  ['another message id', 401, changed({ MessageId: '00000000-0000-0000-0000-000000000000' })],
  ['another time', 401, changed(ago(1_000))],
  ['another kind of message', 400, changed({ Type: 'SubscriptionConfirmation' })],
  ['a kind of message that is none', 400, changed({ Type: 'Alarm' })],
  ['a time 61 min ago', 401, signed(ago(61 * 60_000))],
  ['a time 61 min ahead', 401, signed(ago(-61 * 60_000))],
  ['no time', 400, signed({ Timestamp: undefined })],
  ['a time that is none', 400, signed({ Timestamp: 'now' })],
  ['a time in seconds', 400, signed({ Timestamp: NOW / 1_000 })],
  ['no message id', 400, signed({ MessageId: undefined })],
  ['a message id with blanks', 400, signed({ MessageId: 'a b' })],
  ['another topic', 401, signed({ TopicArn: OTHER_TOPIC })],
  ['a topic with ours in front', 401, signed({ TopicArn: `${TOPIC}-2` })],
  ['a topic in upper case', 401, signed({ TopicArn: TOPIC.toUpperCase() })],
  ['a list of topics', 400, signed({ TopicArn: [TOPIC] })],
  ['another topic in the header', 401, withHeaders({ 'x-amz-sns-topic-arn': OTHER_TOPIC })],
  ['no topic in the header', 401, withHeaders({ 'x-amz-sns-topic-arn': null })],
  ['two topics in the header', 401, withHeaders({ 'x-amz-sns-topic-arn': [TOPIC, TOPIC] })],
];

const CERTIFICATE_HOST = 'sns.eu-west-1.amazonaws.com';
const FILE = 'SimpleNotificationService-0a1b2c.pem';
const addresses: Variant[] = [
  `http://${CERTIFICATE_HOST}/${FILE}`,
  `https://sns.us-east-1.amazonaws.com/${FILE}`,
  `https://s3.eu-west-1.amazonaws.com/${FILE}`,
  `https://evil.example/${FILE}`,
  `https://${CERTIFICATE_HOST}.evil.example/${FILE}`,
  `https://${CERTIFICATE_HOST}@evil.example/${FILE}`,
  `https://evil.example#@${CERTIFICATE_HOST}/${FILE}`,
  `https://${CERTIFICATE_HOST}:8443/${FILE}`,
  `https://${CERTIFICATE_HOST}/bucket/${FILE}`,
  `https://${CERTIFICATE_HOST}/../${FILE}`,
  `https://${CERTIFICATE_HOST}//${FILE}`,
  `https://${CERTIFICATE_HOST}/${FILE}?x=1`,
  `https://${CERTIFICATE_HOST}/${FILE}#x`,
  `https://${CERTIFICATE_HOST}/${FILE}\n`,
  `https://${CERTIFICATE_HOST}/SimpleNotificationService-.pem`,
  `https://${CERTIFICATE_HOST}/SimpleNotificationService-0A.pem`,
  `https://${CERTIFICATE_HOST.toUpperCase()}/${FILE}`,
  `https://169.254.169.254/${FILE}`,
  `file:///${FILE}`,
  ` ${CERTIFICATE_URL}`,
].map((url): Variant => [`the certificate ${JSON.stringify(url)}`, 401, at(url)]);

const shapes: Variant[] = [
  ['an oversize body', 413, text((body) => body.padEnd(1024 * 1024 + 1))],
  [
    'a gzip body',
    415,
    () => ({ headers: { ...snsHeaders, 'content-encoding': 'gzip' }, body: gzipSync('{}') }),
  ],
  ['a form', 415, withHeaders({ 'content-type': 'application/x-www-form-urlencoded' })],
  ['a foreign character set', 415, withHeaders({ 'content-type': 'text/plain; charset=latin1' })],
  ['an empty body', 400, text(() => '')],
  ['half a body', 400, text((body) => body.slice(0, -10))],
  ['invalid UTF-8', 400, text(() => Buffer.from([0x7b, 0xff, 0x7d]))],
  ['a list', 400, text((body) => `[${body}]`)],
  ['the alarm alone, as raw delivery sends it', 400, text(() => '{"AlarmName":"a","NewStateValue":"ALARM"}')],
  ['a name twice', 400, text((body) => body.replace('{', '{"TopicArn":"x",'))],
  ['__proto__', 400, text((body) => body.replace('{', '{"__proto__":{"polluted":true},'))],
  ['a document nested deep', 400, text(() => '['.repeat(100_000))],
  ['GET', 405, () => ({ method: 'GET', headers: snsHeaders })],
];

const subscriptions: Variant[] = [
  ['a confirmation changed after it was signed', 401, () => asSns({ ...subscription(signer), Token: 'x' })],
  ['a confirmation for another topic', 401, () => asSns(subscription(signer, { TopicArn: OTHER_TOPIC }))],
  ['a confirmation by a stranger', 401, () => asSns(subscription(stranger))],
  ['a confirmation without an address', 400, () => asSns(subscription(signer, { SubscribeURL: undefined }))],
];

describe('sns takes nothing of', () => {
  let route: Route;
  const asked: string[] = [];
  beforeAll(async () => {
    route = await openRoute({
      world: {
        now: () => NOW,
        fetchCertificate: (url) => {
          asked.push(url);
          return Promise.resolve(signer.pem);
        },
        open: (url) => Promise.reject(new Error(`opened ${url}`)),
      },
    });
  });
  afterAll(() => route.close());

  it.each([...forgeries, ...addresses, ...shapes, ...subscriptions])('%s', async (_name, status, make) => {
    const got = await route.send('sns', make());
    expect(got.status).toBe(status);
    expect(route.seen).toEqual([]);
    expect(asked.filter((url) => url !== CERTIFICATE_URL)).toEqual([]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('any of them, and still takes what is genuine', async () => {
    expect((await route.send('sns', asSns(notification(signer)))).status).toBe(200);
    expect(route.seen).toHaveLength(1);
  });
});

describe('the certificate', () => {
  const taken = async (pem: () => Promise<string>, now = NOW) => {
    const world = { now: () => now, fetchCertificate: pem, open: () => Promise.resolve() };
    const route = await openRoute({ world });
    const change = { Timestamp: new Date(now).toISOString() };
    const { status } = await route.send('sns', asSns(notification(signer, change)));
    await route.close();
    return { status, seen: route.seen.length };
  };

  it.each([
    ['is no certificate', () => Promise.resolve('<html>'), NOW],
    ['is a key', () => Promise.resolve('-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----'), NOW],
    ['has no RSA key', () => Promise.resolve(elliptic.pem), NOW],
    ['has ended', () => Promise.resolve(signer.pem), Date.parse('2121-01-01')],
    ['has not begun', () => Promise.resolve(signer.pem), Date.parse('2019-12-31')],
  ])('counts for nothing when it %s', async (_name, pem, now) => {
    expect(await taken(pem, now)).toEqual({ status: 401, seen: 0 });
  });

  it('that cannot be fetched is a reason to send it again', async () => {
    expect(await taken(() => Promise.reject(new Error('ECONNREFUSED')))).toEqual({ status: 503, seen: 0 });
  });
});

describe('a subscription', () => {
  const opened: string[] = [];
  const ask = async (confirm: 'operator' | 'bot', message: object, open?: () => Promise<void>) => {
    opened.length = 0;
    const route = await openRoute({
      settings: { sns: { topics: [TOPIC], confirm } },
      world: {
        now: () => NOW,
        fetchCertificate: () => Promise.resolve(signer.pem),
        open: open ?? ((url) => Promise.resolve(void opened.push(url))),
      },
    });
    const got = await route.send('sns', asSns(message));
    await route.close();
    return { ...got, log: route.lines.join('\n'), seen: route.seen.length };
  };

  it('is shown to the operator, and not to whoever asked', async () => {
    const { status, log, text: told, seen } = await ask('operator', subscription(signer));
    expect({ status, seen, opened }).toEqual({ status: 200, seen: 0, opened: [] });
    expect(log).toContain(`open this once: ${SUBSCRIBE_URL}`);
    expect(told).not.toContain(TOKEN);
  });

  it('is confirmed by the bot where the operator wants that', async () => {
    const { status, log } = await ask('bot', subscription(signer));
    expect({ status, opened }).toEqual({ status: 200, opened: [SUBSCRIBE_URL] });
    expect(log).toContain('it is confirmed');
  });

  it('is asked for again where confirming it did not work', async () => {
    const { status } = await ask('bot', subscription(signer), () => Promise.reject(new Error('down')));
    expect(status).toBe(503);
  });

  it.each([
    'https://evil.example/?Action=ConfirmSubscription',
    SUBSCRIBE_URL.replace('https:', 'http:'),
    SUBSCRIBE_URL.replace('eu-west-1.amazonaws', 'us-east-1.amazonaws'),
    SUBSCRIBE_URL.replace('ConfirmSubscription', 'Unsubscribe'),
    SUBSCRIBE_URL.replace(TOKEN, 'another'),
    SUBSCRIBE_URL.replace(TOPIC, OTHER_TOPIC),
    `${SUBSCRIBE_URL}&Action=Publish`,
    `${SUBSCRIBE_URL}#x`,
    SUBSCRIBE_URL.replace('.com/?', '.com/x?'),
  ])('at %s is neither opened nor shown, though SNS signed it', async (url) => {
    const { log } = await ask('bot', subscription(signer, { SubscribeURL: url }));
    expect(opened).toEqual([]);
    expect(log).not.toContain(url);
  });

  it('that ended is told to the operator', async () => {
    const { log } = await ask('bot', subscription(signer, { Type: 'UnsubscribeConfirmation' }));
    expect(opened).toEqual([]);
    expect(log).toContain(`SNS ended the subscription of ${TOPIC}`);
  });
});
