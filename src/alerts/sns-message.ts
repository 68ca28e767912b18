import { createVerify, X509Certificate } from 'node:crypto';
import { z } from 'zod';

const Common = {
  MessageId: z.string().regex(/^[A-Za-z0-9-]{1,100}$/, 'must be the id of a message'),
  TopicArn: z.string().max(500),
  Message: z.string(),
  Timestamp: z.iso.datetime(),
  SignatureVersion: z.string(),
  Signature: z.string().regex(/^[A-Za-z0-9+/]{16,4096}={0,2}$/, 'must be base64'),
  SigningCertURL: z.string().max(500),
};
const confirmation = { ...Common, Token: z.string().max(2_000), SubscribeURL: z.string().max(4_000) };

/** What Amazon SNS posts. Members that are not signed are not read, but for those that lead to the certificate. */
export const SnsMessage = z.discriminatedUnion('Type', [
  z.object({ Type: z.literal('Notification'), ...Common, Subject: z.string().optional() }),
  z.object({ Type: z.literal('SubscriptionConfirmation'), ...confirmation }),
  z.object({ Type: z.literal('UnsubscribeConfirmation'), ...confirmation }),
]);
export type SnsMessage = z.infer<typeof SnsMessage>;

const SIGNED = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: [
    'Message',
    'MessageId',
    'SubscribeURL',
    'Timestamp',
    'Token',
    'TopicArn',
    'Type',
  ],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const;

/** The text that SNS signs: names and values of some members, a line each; one that is not there has no lines. */
export function signedText(message: SnsMessage): string {
  const values: Readonly<Record<string, unknown>> = message;
  return SIGNED[message.Type]
    .filter((name) => values[name] !== undefined)
    .map((name) => `${name}\n${String(values[name])}\n`)
    .join('');
}

/** Why a message is not by the owner of a certificate; null: it is. */
export function signatureProblem(message: SnsMessage, pem: string, now: number): string | null {
  const certificate = certificateOf(pem);
  if (certificate === null) return 'what its certificate URL gives is no certificate';
  if (now < Date.parse(certificate.validFrom) || now > Date.parse(certificate.validTo))
    return 'its certificate has ended or not begun';
  if (certificate.publicKey.asymmetricKeyType !== 'rsa') return 'its certificate has no RSA key';
  const verify = createVerify('RSA-SHA256').update(signedText(message));
  const isSigned = verify.verify(certificate.publicKey, Buffer.from(message.Signature, 'base64'));
  return isSigned ? null : 'its signature is not by its certificate';
}

export function certificateOf(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}

/** The one host that signs for a topic: that of the topic's own region, never what a message says. */
export function hostOf(topicArn: string): string {
  const [, partition = '', , region = ''] = topicArn.split(':');
  return `sns.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
}

/** Whether an address is a signing certificate of that host, written in no other way. */
export const isCertificateUrl = (url: string, host: string): boolean =>
  url.startsWith(`https://${host}/`) &&
  /^\/SimpleNotificationService-[0-9a-f]+\.pem$/.test(url.slice(`https://${host}`.length));

/** Whether an address confirms just this subscription, at that host. */
export function isSubscribeUrl(
  url: string,
  host: string,
  { TopicArn, Token }: { TopicArn: string; Token: string },
): boolean {
  if (!url.startsWith(`https://${host}/?`) || !URL.canParse(url)) return false;
  const { searchParams: query, hash } = new URL(url);
  const wanted = { Action: 'ConfirmSubscription', TopicArn, Token };
  return (
    hash === '' && Object.entries(wanted).every(([name, value]) => query.getAll(name).join('\n') === value)
  );
}
