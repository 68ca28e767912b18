import { createHmac } from 'node:crypto';
import type { AlertSource } from '../../src/model/alert.js';
import { fixture, NOW, NOW_S, SECRET, type Sent, TOPIC } from './route.js';
import { readSigner, type Signer } from './sns-signer.js';

export const hmac = (secret: string, ...parts: (string | Buffer)[]): string => {
  const made = createHmac('sha256', secret);
  for (const part of parts) made.update(part);
  return made.digest('hex');
};

export type Headers = NonNullable<Sent['headers']>;
export type Body = string | Buffer;

/** How a provider that has the secret sends a body. */
export type Provider = {
  id: Exclude<AlertSource, 'sns'>;
  body: string;
  refused: 401 | 403;
  /** Headers that prove the body; without one, of this moment and by the first secret. */
  prove: (body: Body, secret?: string, at?: string) => Headers;
  /** The header that carries the proof. */
  proof: string;
};

export const providers: readonly Provider[] = [
  {
    id: 'alertmanager',
    body: fixture('alertmanager-firing'),
    refused: 401,
    proof: 'authorization',
    prove: (_body, secret = SECRET) => ({ authorization: `Bearer ${secret}` }),
  },
  {
    id: 'grafana',
    body: fixture('grafana-firing'),
    refused: 401,
    proof: 'x-grafana-alerting-signature',
    prove: (body, secret = SECRET, at = NOW_S) => ({
      'x-grafana-alerting-timestamp': at,
      'x-grafana-alerting-signature': hmac(secret, `${at}:`, body),
    }),
  },
  {
    id: 'pagerduty',
    body: fixture('pagerduty-triggered'),
    refused: 403,
    proof: 'x-pagerduty-signature',
    prove: (body, secret = SECRET) => ({ 'x-pagerduty-signature': `v1=${hmac(secret, body)}` }),
  },
  {
    id: 'datadog',
    body: fixture('datadog-triggered'),
    refused: 401,
    proof: 'x-diag503-token',
    prove: (_body, secret = SECRET) => ({ 'x-diag503-token': secret }),
  },
  {
    id: 'generic',
    body: fixture('generic-firing'),
    refused: 401,
    proof: 'x-diag503-signature',
    prove: (body, secret = SECRET, at = NOW_S) => ({
      'x-diag503-timestamp': at,
      'x-diag503-signature': `v1=${hmac(secret, `${at}.`, body)}`,
    }),
  },
];

export const JSON_TYPE = { 'content-type': 'application/json' };

/** A request as the provider would make it. */
export const genuine = ({ prove, body }: Provider, other: Body = body): Sent => ({
  headers: { ...JSON_TYPE, ...prove(other) },
  body: other,
});

export const CERTIFICATE_URL = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a1b2c.pem';

/** What SNS posts for an alarm; `change` is made before it is signed. */
export const notification = (signer: Signer, change: Record<string, unknown> = {}, algorithm?: string) => {
  const message: Record<string, unknown> = {
    Type: 'Notification',
    MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
    TopicArn: TOPIC,
    Subject: 'ALARM: "api-prod-503" in EU (Ireland)',
    Message: fixture('cloudwatch-alarm'),
    Timestamp: new Date(NOW - 20_000).toISOString(),
    SignatureVersion: '2',
    SigningCertURL: CERTIFICATE_URL,
    UnsubscribeURL: 'https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe',
    ...change,
  };
  return { ...message, Signature: signer.sign(message, algorithm) };
};

export const TOKEN = 'f00dcafe'.repeat(8);
export const SUBSCRIBE_URL = `https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=${TOKEN}`;

export const subscription = (signer: Signer, change: Record<string, unknown> = {}) =>
  notification(signer, {
    Type: 'SubscriptionConfirmation',
    Subject: undefined,
    Message: 'somebody chose this address for the topic',
    Token: TOKEN,
    SubscribeURL: SUBSCRIBE_URL,
    ...change,
  });

export const snsHeaders = { 'content-type': 'text/plain; charset=UTF-8', 'x-amz-sns-topic-arn': TOPIC };

export const asSns = (message: object): Sent => ({ headers: snsHeaders, body: JSON.stringify(message) });

export { readSigner };
