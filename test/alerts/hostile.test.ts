import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Body, genuine, type Headers, hmac, JSON_TYPE, type Provider, providers } from './providers.js';
import { NEXT_SECRET, NOW, openRoute, type Route, SECRET, type Sent } from './route.js';

type Variant = [name: string, status: number | 'refused', make: (provider: Provider) => Sent];

/** A body of the provider, changed and then proven: only what is in it is wrong. */
const proven =
  (change: (body: string) => Body, headers: Headers = {}) =>
  (provider: Provider): Sent => {
    const body = change(provider.body);
    return { body, headers: { ...JSON_TYPE, ...provider.prove(body), ...headers } };
  };
/** As the provider sends it, but for some headers. */
const withHeaders =
  (headersOf: (provider: Provider) => Headers) =>
  (provider: Provider): Sent => ({
    body: provider.body,
    headers: { ...JSON_TYPE, ...provider.prove(provider.body), ...headersOf(provider) },
  });
const proofOf = (provider: Provider): string => String(provider.prove(provider.body)[provider.proof]);
/** A header of proof, changed. */
const withProof = (change: (proof: string) => string | readonly string[] | null) =>
  withHeaders((provider) => ({ [provider.proof]: change(proofOf(provider)) }));

const deep = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const withMember = (member: string) => (body: string) => body.replace('{', `{${member},`);
const names = (count: number) =>
  `"more":{${Array.from({ length: count }, (_, index) => `"n${index}":1`).join(',')}}`;

const everywhere: Variant[] = [
  ['no proof at all', 'refused', withProof(() => null)],
  ['an empty proof', 'refused', withProof(() => '')],
  ['the same proof twice', 'refused', withProof((proof) => [proof, proof])],
  ['a wrong and a right proof in two headers', 'refused', withProof((proof) => ['x', proof])],
  ['a right and a wrong proof in two headers', 'refused', withProof((proof) => [proof, 'x'])],
  ['a proof in upper case', 'refused', withProof((proof) => proof.toUpperCase())],
  ['a proof that lacks its end', 'refused', withProof((proof) => proof.slice(0, -1))],
  ['a proof with one character more', 'refused', withProof((proof) => `${proof}0`)],
  [
    'a proof with another last character',
    'refused',
    withProof((proof) => proof.slice(0, -1) + (proof.endsWith('0') ? '1' : '0')),
  ],
  ['a proof between quotes', 'refused', withProof((proof) => `"${proof}"`)],
  ['a proof of 8 KB', 'refused', withProof(() => 'a'.repeat(8_000))],
  ['a proof with a comma behind', 'refused', withProof((proof) => `${proof},`)],
  ['a proof that says undefined', 'refused', withProof(() => 'undefined')],
  [
    'an empty secret',
    'refused',
    (provider) => ({ body: provider.body, headers: { ...JSON_TYPE, ...provider.prove(provider.body, '') } }),
  ],
  [
    'another secret',
    'refused',
    (provider) => ({
      body: provider.body,
      headers: { ...JSON_TYPE, ...provider.prove(provider.body, SECRET.toLowerCase()) },
    }),
  ],
  [
    'a bearer token of nobody',
    'refused',
    withHeaders((provider) => ({ [provider.proof]: null, authorization: 'Bearer null' })),
  ],
  ['the token in the address', 'refused', withProof(() => null)],
  ['an oversize body', 413, proven((body) => body.padEnd(1024 * 1024 + 1))],
  [
    'an oversize body of unknown length',
    413,
    (provider) => {
      const body = provider.body.padEnd(1024 * 1024 + 1);
      const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
      return {
        body: chunked,
        headers: {
          ...JSON_TYPE,
          ...provider.prove(body),
          'content-length': null,
          'transfer-encoding': 'chunked',
        },
      };
    },
  ],
  ['a declared length of a gigabyte', 413, withHeaders(() => ({ 'content-length': String(1024 ** 3) }))],
  ['a length that is none', 400, withHeaders(() => ({ 'content-length': '-1' }))],
  ['a length and chunks', 400, withHeaders(() => ({ 'transfer-encoding': 'chunked' }))],
  [
    'a gzip body',
    415,
    (provider) => {
      const body = gzipSync(provider.body);
      return { body, headers: { ...JSON_TYPE, ...provider.prove(body), 'content-encoding': 'gzip' } };
    },
  ],
  ['a deflate body', 415, withHeaders(() => ({ 'content-encoding': 'deflate' }))],
  ['two encodings', 415, withHeaders(() => ({ 'content-encoding': 'identity, gzip' }))],
  ['no content type', 415, withHeaders(() => ({ 'content-type': null }))],
  ['two content types', 415, withHeaders(() => ({ 'content-type': ['application/json', 'text/html'] }))],
  ['a form', 415, withHeaders(() => ({ 'content-type': 'application/x-www-form-urlencoded' }))],
  [
    'a foreign character set',
    415,
    withHeaders(() => ({ 'content-type': 'application/json; charset=utf-7' })),
  ],
  ['XML', 415, withHeaders(() => ({ 'content-type': 'application/xml' }))],
  ['an empty body', 400, proven(() => '')],
  ['a body of blanks', 400, proven(() => ' \n ')],
  ['half a body, well proven', 400, proven((body) => body.slice(0, -20))],
  ['text behind the document', 400, proven((body) => `${body} {}`)],
  [
    'invalid UTF-8',
    400,
    proven((body) =>
      Buffer.concat([Buffer.from(withMember('"x":"')(body).replace('"x":",', '"x":"')), Buffer.from([0xff])]),
    ),
  ],
  ['an overlong UTF-8 slash', 400, proven(() => Buffer.from([0x22, 0xc0, 0xaf, 0x22]))],
  ['UTF-16', 400, proven((body) => Buffer.from(body, 'utf16le'))],
  ['a list', 400, proven(() => '[]')],
  ['null', 400, proven(() => 'null')],
  ['a text', 400, proven((body) => JSON.stringify(body))],
  ['a number that is infinite', 400, proven(() => '1e400')],
  ['another source’s document', 400, proven(() => '{"version":"9","alerts":[]}')],
  ['a document nested 9 deep', 400, proven(withMember(`"more":${deep(9)}`))],
  ['a list nested 100,000 deep', 400, proven(() => deep(100_000))],
  ['a list nested deep and never ended', 400, proven(() => '['.repeat(500_000))],
  ['an object with 201 names', 400, proven(withMember(names(201)))],
  ['a name twice', 400, proven(withMember('"more":{"a":1,"a":2}'))],
  ['a name twice, once with an escape', 400, proven(withMember('"more":{"a":1,"\\u0061":2}'))],
  ['__proto__', 400, proven(withMember('"__proto__":{"polluted":true}'))],
  ['__proto__, written with escapes', 400, proven(withMember('"\\u005f_proto_\\u005f":{"polluted":true}'))],
  ['__proto__ further in', 400, proven(withMember('"more":{"__proto__":{"polluted":true}}'))],
  ['GET', 405, (provider) => ({ ...genuine(provider), method: 'GET' })],
  ['PUT', 405, (provider) => ({ ...genuine(provider), method: 'PUT' })],
  ['DELETE', 405, (provider) => ({ ...genuine(provider), method: 'DELETE' })],
  ['HEAD', 405, (provider) => ({ ...genuine(provider), method: 'HEAD' })],
];

const times: [name: string, at: string][] = [
  ['301 s ago', String(NOW / 1_000 - 301)],
  ['301 s ahead', String(NOW / 1_000 + 301)],
  ['a day ago', String(NOW / 1_000 - 86_400)],
  ['in milliseconds', String(NOW)],
  ['empty', ''],
  ['no number', 'NaN'],
  ['with an exponent', '1e99'],
  ['negative', `-${NOW / 1_000}`],
  ['with a fraction', `${NOW / 1_000}.5`],
  ['in hexadecimal', `0x${(NOW / 1_000).toString(16)}`],
  ['Infinity', 'Infinity'],
  ['as a date', new Date(NOW).toISOString()],
];

/** Of those that sign the time. */
const timed = (header: string): Variant[] => [
  ...times.map(([name, at]): Variant => [
    `a time ${name}, signed`,
    'refused',
    (provider) => ({
      body: provider.body,
      headers: { ...JSON_TYPE, ...provider.prove(provider.body, SECRET, at) },
    }),
  ]),
  ['no time', 'refused', withHeaders(() => ({ [header]: null }))],
  [
    'two times',
    'refused',
    withHeaders((provider) => ({ [header]: [String(provider.prove('')[header]), '1'] })),
  ],
  ['another time than was signed', 'refused', withHeaders(() => ({ [header]: String(NOW / 1_000 - 1) }))],
];

const ofOne: Record<Provider['id'], Variant[]> = {
  alertmanager: [
    [
      'basic authentication by nobody',
      'refused',
      withProof(() => `Basic ${Buffer.from('am:wrong').toString('base64')}`),
    ],
    [
      'basic authentication with the token alone',
      'refused',
      withProof(() => `Basic ${Buffer.from(SECRET).toString('base64')}`),
    ],
    [
      'basic authentication with another name',
      'refused',
      withProof(() => `Basic ${Buffer.from(`AM:${SECRET}`).toString('base64')}`),
    ],
    [
      'basic authentication with a text behind',
      'refused',
      withProof(() => `Basic ${Buffer.from(`am:${SECRET}\n`).toString('base64')}`),
    ],
    ['a bearer token that is a login', 'refused', withProof(() => `Bearer am:${SECRET}`)],
    ['a digest login', 'refused', withProof(() => 'Digest username="am"')],
    ['version 3', 400, proven((body) => body.replace('"version": "4"', '"version": "3"'))],
    [
      'an alert without a fingerprint',
      400,
      proven((body) => body.replace('"fingerprint": "9f1c2a7be0d4435f"', '"finger": "x"')),
    ],
    ['a label that is a list', 400, proven((body) => body.replace('"api-1:8000"', '["api-1"]'))],
    ['a state of its own', 400, proven((body) => body.replaceAll('"firing"', '"fired"'))],
    ['no alert', 400, proven((body) => body.replace(/"alerts": \[[^]*?\n {2}\]/, '"alerts": []'))],
  ],
  grafana: [
    ...timed('x-grafana-alerting-timestamp'),
    ['a body changed by a byte', 'refused', withHeaders(({ prove, body }) => prove(`${body} `))],
    [
      'a body signed without its time',
      'refused',
      withHeaders(({ body }) => ({ 'x-grafana-alerting-signature': hmac(SECRET, body) })),
    ],
    ['a signature with a version', 'refused', withProof((proof) => `v1=${proof}`)],
    ['a signature in base64', 'refused', withProof((proof) => Buffer.from(proof, 'hex').toString('base64'))],
    [
      'the bearer token that is our secret',
      'refused',
      withHeaders(() => ({ 'x-grafana-alerting-signature': null, authorization: `Bearer ${SECRET}` })),
    ],
    ['a document of Alertmanager', 400, proven((body) => body.replace('"version": "1"', '"version": "4"'))],
    ['no organisation', 400, proven((body) => body.replace('"orgId": 1', '"orgId": "1"'))],
  ],
  pagerduty: [
    ['a body changed by a byte', 'refused', withHeaders(({ prove, body }) => prove(`${body} `))],
    ['a signature of version 0', 'refused', withProof((proof) => proof.replace('v1', 'v0'))],
    ['a signature without a version', 'refused', withProof((proof) => proof.slice(3))],
    ['two wrong signatures', 'refused', withProof(() => `v1=${hmac('x', '')},v1=${hmac('y', '')}`)],
    [
      'nine signatures, one of them right',
      'refused',
      withProof((proof) => Array.from({ length: 9 }, () => proof).join(',')),
    ],
    ['a right signature and a malformed one', 'refused', withProof((proof) => `${proof},v1=`)],
    [
      'an event of three days ago',
      'refused',
      proven((body) => body.replace('2026-03-01T02:41:10.000Z', '2026-02-26T02:41:10.000Z')),
    ],
    [
      'an event of tomorrow',
      'refused',
      proven((body) => body.replace('2026-03-01T02:41:10.000Z', '2026-03-02T02:41:10.000Z')),
    ],
    ['an event without an id', 400, proven((body) => body.replace('"01DEN4HPBQAAAG05V5QQYBRZMF"', '""'))],
    ['an event id with blanks', 400, proven((body) => body.replace('01DEN4HPBQ', '01 EN4HPBQ'))],
    ['an incident without a service', 400, proven((body) => body.replace('"service":', '"services":'))],
    ['a message of version 2', 400, proven(() => '{"messages":[{"event":"incident.trigger"}]}')],
  ],
  datadog: [
    [
      'the token as a bearer',
      'refused',
      withHeaders(() => ({ 'x-diag503-token': null, authorization: `Bearer ${SECRET}` })),
    ],
    ['the token with the word bearer', 'refused', withProof((proof) => `Bearer ${proof}`)],
    ['both tokens in one', 'refused', withProof((proof) => `${proof},${proof}`)],
    ['an event without an id', 400, proven((body) => body.replace('"7716548234011234567",', '"",'))],
    [
      'an id that Datadog did not fill in',
      400,
      proven((body) => body.replace('"7716548234011234567",', '"$ID",')),
    ],
    [
      'a transition that Datadog did not fill in',
      400,
      proven((body) => body.replace('"Triggered"', '"$ALERT_TRANSITION"')),
    ],
    ['a monitor that is an object', 400, proven((body) => body.replace('"148275309"', '{"id":1}'))],
    ['a member that our payload does not have', 400, proven(withMember('"more":1'))],
    ['a number that is infinite in it', 400, proven((body) => body.replace('"1772332860000"', '1e400'))],
  ],
  generic: [
    ...timed('x-diag503-timestamp'),
    ['a body changed by a byte', 'refused', withHeaders(({ prove, body }) => prove(`${body} `))],
    [
      'a body signed without its time',
      'refused',
      withHeaders(({ body }) => ({ 'x-diag503-signature': `v1=${hmac(SECRET, body)}` })),
    ],
    ['a signature of version 0', 'refused', withProof((proof) => proof.replace('v1', 'v0'))],
    [
      'a wrong signature beside a token that is right',
      'refused',
      withHeaders(() => ({
        'x-diag503-signature': `v1=${hmac('x', '')}`,
        authorization: `Bearer ${NEXT_SECRET}`,
      })),
    ],
    [
      'the secret for signatures as a token',
      'refused',
      withHeaders(() => ({ 'x-diag503-signature': null, authorization: `Bearer ${SECRET}` })),
    ],
    ['a member that our payload does not have', 400, proven(withMember('"more":1'))],
    ['neither service nor labels', 400, proven(() => '{"status":"firing","title":"a"}')],
    ['no title', 400, proven((body) => body.replace('"title"', '"titel"'))],
    ['a state of its own', 400, proven((body) => body.replace('"firing"', '"on"'))],
    ['a time that is none', 400, proven((body) => body.replace('2026-03-01T02:41:00Z', 'yesterday'))],
    ['a label that is a number', 400, proven((body) => body.replace('"probe"', '7'))],
  ],
};

describe.each(providers)('$id takes nothing of', (provider) => {
  let route: Route;
  beforeAll(async () => {
    route = await openRoute();
  });
  afterAll(() => route.close());

  const variants = [...everywhere, ...ofOne[provider.id]];

  it.each(variants)('%s', async (name, expected, make) => {
    const path = name === 'the token in the address' ? `?token=${SECRET}&access_token=${SECRET}` : '';
    const got = await route.sendTo(`/alerts/${provider.id}${path}`, make(provider));
    expect(got.status).toBe(expected === 'refused' ? provider.refused : expected);
    expect(route.seen).toEqual([]);
    expect(got.text + route.lines.join()).not.toContain(SECRET);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('any of them, and still takes what is genuine', async () => {
    expect(variants.length).toBeGreaterThanOrEqual(40);
    expect((await route.send(provider.id, genuine(provider))).status).toBe(200);
    expect(route.seen).toHaveLength(1);
  });
});
