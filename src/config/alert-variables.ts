import { z } from 'zod';
import { AlertSource } from '../model/alert.js';

/** Chosen by the operator, so a long one costs nothing: `openssl rand -hex 32` gives 64 characters. */
const MIN_CHOSEN = 32;
/** PagerDuty makes its secret itself. */
const MIN_GIVEN = 16;
const MAX_SECRET = 256;
/** One in use, one that replaces it. */
const MAX_AT_ONCE = 2;
const TOPIC =
  /^arn:aws(?:-cn|-us-gov)?:sns:[a-z]{2}(?:-[a-z]{2,10}){1,3}-[0-9]{1,2}:[0-9]{12}:[A-Za-z0-9_-]{1,256}(?:\.fifo)?$/;

type Check = (value: string) => string | null;

/** One or a few values between commas; never repeats one in its message. */
const list = (atMost: number, check: Check) =>
  z.string().superRefine((text, context) => {
    const values = listOf(text);
    const problems = values.map(check).filter((problem) => problem !== null);
    if (values.length > atMost)
      problems.push(`has ${values.length} values; at most ${atMost}, between commas`);
    for (const message of new Set(problems)) context.addIssue({ code: 'custom', message });
  });

/** The values of such a variable. */
export const listOf = (text: string | undefined): string[] =>
  text === undefined ? [] : text.split(',').map((value) => value.trim());

const secret =
  (min: number): Check =>
  (value) => {
    if (!/^[\x21-\x7e]*$/.test(value)) return 'has a space or a character outside of ASCII in it';
    if (value.length > MAX_SECRET) return `has ${value.length} characters; at most ${MAX_SECRET}`;
    const wayOut = min === MIN_CHOSEN ? '; make one with: openssl rand -hex 32' : '';
    if (value.length < min) return `has ${value.length} characters; at least ${min}${wayOut}`;
    return new Set(value).size < 8 ? `repeats too few characters to be a secret${wayOut}` : null;
  };

const login: Check = (value) => {
  const colon = value.indexOf(':');
  if (colon < 1) return 'must be written as user:password';
  const problem = secret(MIN_CHOSEN)(value.slice(colon + 1));
  return problem === null ? null : `its password ${problem}`;
};

const topic: Check = (value) =>
  TOPIC.test(value) ? null : 'must be the ARN of a topic, such as arn:aws:sns:eu-west-1:123456789012:alarms';

const source: Check = (value) =>
  AlertSource.safeParse(value).success ? null : `must be of ${AlertSource.options.join(', ')}`;

const secrets = (words: string, min = MIN_CHOSEN) =>
  list(MAX_AT_ONCE, secret(min))
    .optional()
    .meta({
      description: `${words} At least ${min} characters; two between commas are both valid, for replacing one.`,
      examples: [min === MIN_CHOSEN ? '(openssl rand -hex 32)' : '(from PagerDuty)'],
    });

/** What switches alert sources on: docs/alerts.md. */
export const ALERT_VARIABLES = {
  DIAG503_ALERTS_SOURCES: list(AlertSource.options.length, source)
    .optional()
    .meta({
      description:
        'Alert sources that have to be on, between commas; one without a secret is an error. Left out: those that have one.',
      examples: ['alertmanager,grafana'],
    }),
  DIAG503_ALERTS_ALERTMANAGER_TOKEN: secrets('Alertmanager: bearer token.'),
  DIAG503_ALERTS_ALERTMANAGER_LOGIN: list(MAX_AT_ONCE, login)
    .optional()
    .meta({
      description: `Alertmanager: user:password for basic authentication. The password has at least ${MIN_CHOSEN} characters; two between commas are both valid.`,
      examples: ['alertmanager:(openssl rand -hex 32)'],
    }),
  DIAG503_ALERTS_GRAFANA_SECRET: secrets('Grafana: secret of the HMAC signature.'),
  DIAG503_ALERTS_PAGERDUTY_SECRET: secrets('PagerDuty: secret of the webhook subscription.', MIN_GIVEN),
  DIAG503_ALERTS_DATADOG_TOKEN: secrets('Datadog: token in the header X-Diag503-Token.'),
  DIAG503_ALERTS_SNS_TOPICS: list(20, topic)
    .optional()
    .meta({
      description: 'Amazon SNS: ARNs of the topics that may deliver, between commas.',
      examples: ['arn:aws:sns:eu-west-1:123456789012:alarms'],
    }),
  DIAG503_ALERTS_SNS_CONFIRM: z
    .enum(['operator', 'bot'], { error: 'must be operator or bot' })
    .default('operator')
    .meta({
      description:
        'Who confirms the subscription of such a topic: `operator` logs the URL to open, `bot` opens it.',
    }),
  DIAG503_ALERTS_GENERIC_SECRET: secrets('Any sender: secret of the HMAC signature.'),
  DIAG503_ALERTS_GENERIC_TOKEN: secrets('Any sender that cannot sign: bearer token.'),
} as const;
