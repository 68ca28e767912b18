import type { AlertSettings } from '../config/alert-settings.js';
import { alertOfAlarm, CloudWatchAlarm } from './cloudwatch-alarm.js';
import { type AlertReading, defineSource, type Gate, type World } from './define-source.js';
import { parseText, UnreadableBody } from './parse-json.js';
import { isOneOf } from './proof.js';
import { hostOf, isCertificateUrl, isSubscribeUrl, signatureProblem, SnsMessage } from './sns-message.js';

export const SNS_TOPIC = 'x-amz-sns-topic-arn';
/** SNS tries for an hour by default. */
const WINDOW_MS = 3_600_000;

type Own = NonNullable<AlertSettings['sns']>;

/**
 * CloudWatch alarms by way of Amazon SNS. A signature says only that SNS sent it, for whichever of its customers: that
 * it is ours says the topic, which the operator names, and the region of that topic says whose certificate counts.
 */
export const sns = defineSource({
  id: 'sns',
  title: 'Amazon SNS (CloudWatch alarms)',
  contentTypes: ['text/plain', 'application/json'],
  refusedWith: 401,
  settings: (all) => all.sns,
  gate: (own: Own, world): Gate => ({
    refuses: (header) =>
      isOneOf(header(SNS_TOPIC) ?? '', own.topics) ? null : 'its topic is missing, doubled or none of ours',
    async prove({ json }) {
      const message = SnsMessage.parse(json());
      const problem = claimProblem(message, own, world);
      if (problem !== null) return { genuine: false, because: problem };
      const fetched = await certificateAt(message.SigningCertURL, world);
      if ('because' in fetched) return { genuine: false, because: fetched.because, undecided: true };
      const forged = signatureProblem(message, fetched.pem, world.now());
      return forged === null ? { genuine: true, key: null } : { genuine: false, because: forged };
    },
    confirms: own.confirm === 'bot',
  }),
  read(payload, world) {
    const message = SnsMessage.parse(payload);
    if (message.Type === 'Notification') return readNotification(message, world);
    return { alerts: [], key: message.MessageId, ...subscriptionOf(message) };
  },
});

async function certificateAt(url: string, world: World): Promise<{ pem: string } | { because: string }> {
  try {
    return { pem: await world.fetchCertificate(url) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { because: `its certificate could not be fetched: ${why}` };
  }
}

/** What must be right before anything is fetched on the word of a message. */
function claimProblem(message: SnsMessage, { topics }: Own, world: World): string | null {
  if (!isOneOf(message.TopicArn, topics)) return 'its topic is none of ours';
  if (message.SignatureVersion !== '2') return 'its signature is not of version 2 (SHA-256)';
  if (Math.abs(world.now() - Date.parse(message.Timestamp)) > WINDOW_MS)
    return 'its time is too far from ours';
  if (!isCertificateUrl(message.SigningCertURL, hostOf(message.TopicArn)))
    return "its certificate is not at the host of the topic's region";
  return null;
}

function readNotification(message: SnsMessage, world: Pick<World, 'now'>): AlertReading {
  const key = message.MessageId;
  const alarm = CloudWatchAlarm.safeParse(innerDocument(message.Message));
  if (!alarm.success) return { alerts: [], key, note: 'a message that is no CloudWatch alarm' };
  const alert = alertOfAlarm(alarm.data, world);
  return alert === null
    ? { alerts: [], key, note: 'an alarm that lacks data: nothing begins or ends' }
    : { alerts: [alert], key };
}

/** The alarm is a document in a text. Other publishers of a topic may send anything, which is nothing to us. */
function innerDocument(text: string): unknown {
  try {
    return parseText(text);
  } catch (error) {
    if (error instanceof UnreadableBody) return null;
    throw error;
  }
}

/** Only an address that confirms just this topic is ever shown or opened. */
function subscriptionOf(message: Exclude<SnsMessage, { Type: 'Notification' }>): Partial<AlertReading> {
  const { Type, TopicArn, SubscribeURL } = message;
  if (Type === 'UnsubscribeConfirmation') return { note: `SNS ended the subscription of ${TopicArn}` };
  return isSubscribeUrl(SubscribeURL, hostOf(TopicArn), message)
    ? { note: `SNS asks to confirm the subscription of ${TopicArn}`, confirm: SubscribeURL }
    : { note: `SNS asks to confirm the subscription of ${TopicArn}, at an address that is not its own` };
}
