import { fc, test } from '@fast-check/vitest';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Gate, RawDelivery } from '../../src/alerts/define-source.js';
import { alertSources } from '../../src/alerts/index.js';
import { parseBody } from '../../src/alerts/parse-json.js';
import { asSns, notification, type Provider, providers, readSigner } from './providers.js';
import { ALL_ON, fixture, NOW, type Sent } from './route.js';

const signer = readSigner('sns');
const world = {
  now: () => NOW,
  fetchCertificate: () => Promise.resolve(signer.pem),
  open: () => Promise.resolve(),
};
const gateOf = (id: keyof typeof alertSources): Gate => alertSources[id].open(ALL_ON, world)!;
const delivery = (headers: Sent['headers'], body: Buffer): RawDelivery => ({
  header: (name) => (typeof headers?.[name] === 'string' ? headers[name] : null),
  body,
  json: () => parseBody(body),
});
const isGenuine = async (gate: Gate, raw: RawDelivery): Promise<boolean> => {
  try {
    return gate.refuses(raw.header) === null && (await gate.prove(raw)).genuine;
  } catch {
    return false; // no JSON any more, or none of the source
  }
};

/** One bit of a body turned, and in one time of four a byte added as well. */
const turned = (body: Buffer) =>
  fc.tuple(fc.nat(body.length - 1), fc.nat(7), fc.nat(3)).map(([at, bit, more]) => {
    const copy = Buffer.concat([body, Buffer.from(more === 0 ? ' ' : '')]);
    copy[at] = (copy[at] ?? 0) ^ (1 << bit);
    return copy;
  });

describe.each(providers.filter(({ id }) => ['grafana', 'pagerduty', 'generic'].includes(id)))(
  'a body that $id signed',
  (provider: Provider) => {
    const body = Buffer.from(provider.body);
    const headers = provider.prove(body);

    it('is genuine as it is', async () => {
      expect(await isGenuine(gateOf(provider.id), delivery(headers, body))).toBe(true);
    });

    test.prop([turned(body)], { numRuns: 300 })('is not with any bit turned', async (changed) => {
      expect(await isGenuine(gateOf(provider.id), delivery(headers, changed))).toBe(false);
    });
  },
);

describe('a message that SNS signed', () => {
  const sent = asSns(notification(signer));
  const members = JSON.parse(String(sent.body)) as Record<string, string>;
  const signed = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Signature'];

  test.prop([fc.constantFrom(...signed), fc.nat(), fc.string({ minLength: 1, maxLength: 3 })], {
    numRuns: 300,
  })('is not with anything put into a signed member', async (name, at, more) => {
    const text = members[name] ?? '';
    const cut = at % (text.length + 1);
    const changed = Buffer.from(
      JSON.stringify({ ...members, [name]: text.slice(0, cut) + more + text.slice(cut) }),
    );
    expect(await isGenuine(gateOf('sns'), delivery(sent.headers, changed))).toBe(false);
  });
});

it('docs/alerts.md tells the payload for Datadog as it is read', () => {
  const [, example = ''] = /```json\n(.*?)\n```/s.exec(readFileSync('docs/alerts.md', 'utf8')) ?? [];
  const keys = (text: string) => Object.keys(JSON.parse(text) as object);
  expect(keys(example)).toEqual(keys(fixture('datadog-triggered')));
});
