import { z } from 'zod';
import { ALERT_VARIABLES } from './alert-variables.js';

/** Never repeats a value: what stands in a token's place may be somebody's secret. */
const secret = (pattern: RegExp, explain: (value: string) => string) =>
  z.string().regex(pattern, { error: ({ input }) => explain(typeof input === 'string' ? input : '') });

const TOKEN_KINDS: Record<string, string> = {
  'xoxb-': 'a bot token',
  'xoxp-': 'a user token',
  'xapp-': 'an app-level token',
  'xoxe-': 'a refresh token',
};

function explainToken(value: string, wanted: string, where: string): string {
  if (/^["'\s]|["'\s]$/.test(value)) return `has quotes or spaces around it; write it without them`;
  const kind = TOKEN_KINDS[value.slice(0, 5)];
  const got = kind === undefined || value.startsWith(wanted) ? 'is malformed' : `is ${kind}`;
  return `${got}; it must be ${wanted}… from ${where}`;
}

const BOT_TOKEN_PAGE = 'the app\'s "OAuth & Permissions" page';
const APP_TOKEN_PAGE = 'the app\'s "Basic Information" page, App-Level Tokens, scope connections:write';
const SIGNING_SECRET_PAGE = 'the app\'s "Basic Information" page, App Credentials';

/** Where to find what is missing. */
export const WAYS_OUT = {
  SLACK_BOT_TOKEN: `set it: xoxb-… from ${BOT_TOKEN_PAGE}`,
  SLACK_APP_TOKEN: `set it: xapp-… from ${APP_TOKEN_PAGE}; or set DIAG503_SLACK_MODE=http and SLACK_SIGNING_SECRET`,
  SLACK_SIGNING_SECRET: `set it: 32 hex digits from ${SIGNING_SECRET_PAGE}; or set DIAG503_SLACK_MODE=socket and SLACK_APP_TOKEN`,
} as const;

const url = (protocols: readonly string[], example: string) =>
  z.string().superRefine((value, context) => {
    const scheme = URL.canParse(value) ? new URL(value).protocol.slice(0, -1) : undefined;
    if (scheme !== undefined && protocols.includes(scheme)) return;
    const got = scheme === undefined ? 'is not a URL' : `starts with ${scheme}:`;
    context.addIssue({ code: 'custom', message: `${got}; write it as ${example}` });
  });

const SlackApiUrl = url(['http', 'https'], 'https://slack.com/api/').refine(
  (value) => !value.startsWith('http:') || isLoopback(value),
  {
    error:
      'would send the tokens unencrypted; use https:// (http:// is for a Slack stand-in on this machine)',
  },
);

const isLoopback = (value: string): boolean =>
  URL.canParse(value) && ['localhost', '127.0.0.1', '[::1]'].includes(new URL(value).hostname);

const wholeNumber = (min: number, max: number) => {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.coerce.number({ error }).int({ error }).min(min, { error }).max(max, { error });
};

const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });

/** Every variable that this program reads, with the words of docs/configuration.md and .env.example. */
export const EnvVariables = z.object({
  SLACK_BOT_TOKEN: secret(/^xoxb-[A-Za-z0-9-]+$/, (v) => explainToken(v, 'xoxb-', BOT_TOKEN_PAGE))
    .optional()
    .meta({
      description: `Bot token, xoxb-… from ${BOT_TOKEN_PAGE}. Needed by start, bot and worker.`,
      examples: ['xoxb-…'],
    }),
  SLACK_APP_TOKEN: secret(/^xapp-[A-Za-z0-9-]+$/, (v) => explainToken(v, 'xapp-', APP_TOKEN_PAGE))
    .optional()
    .meta({
      description: `App-level token for Socket Mode, xapp-… from ${APP_TOKEN_PAGE}. Needed by start and bot in mode socket.`,
      examples: ['xapp-…'],
    }),
  SLACK_SIGNING_SECRET: secret(
    /^[0-9a-f]{32}$/i,
    (v) => `has ${v.length} characters; it must be 32 hex digits from ${SIGNING_SECRET_PAGE}`,
  )
    .optional()
    .meta({
      description: `Proves that a request comes from Slack: 32 hex digits from ${SIGNING_SECRET_PAGE}. Needed by start and bot in mode http.`,
      examples: ['0123456789abcdef0123456789abcdef'],
    }),
  SLACK_API_URL: SlackApiUrl.optional().meta({
    description:
      "Slack's Web API. Left out: Slack itself. Set it to work against the local Slack of this repository.",
    examples: ['http://127.0.0.1:4503/api/'],
  }),
  DATABASE_URL: url(['postgres', 'postgresql'], 'postgres://user:password@host:5432/database')
    .optional()
    .meta({
      description:
        'PostgreSQL that keeps incidents, runs and messages. Left out: a private one starts in DIAG503_DATA_DIR.',
      examples: ['postgres://diag503:password@localhost:5432/diag503'],
    }),
  REDIS_URL: url(['redis', 'rediss'], 'redis://host:6379')
    .optional()
    .meta({
      description:
        'Redis that carries the queues (appendonly yes, maxmemory-policy noeviction). Left out: the queues live in PostgreSQL.',
      examples: ['redis://localhost:6379'],
    }),
  DIAG503_INVENTORY: z.string().default('services.yaml').meta({ description: 'The inventory of services.' }),
  DIAG503_DATA_DIR: z
    .string()
    .default('.diag503')
    .meta({ description: 'Folder for the private PostgreSQL.' }),
  DIAG503_LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .meta({ description: 'How much is logged.' }),
  DIAG503_SLACK_MODE: oneOf(['socket', 'http']).default('socket').meta({
    description:
      'How Slack reaches the bot: `socket` needs no public address, `http` receives signed requests at /slack/events.',
  }),
  DIAG503_HTTP_HOST: z.string().default('127.0.0.1').meta({
    description: 'Address that the HTTP server listens on (health, alerts, and Slack in mode http).',
  }),
  DIAG503_HTTP_PORT: wholeNumber(0, 65_535)
    .default(8503)
    .meta({ description: 'Port of the HTTP server; 0 takes any free one.' }),
  DIAG503_SSH_CONFIG: z
    .string()
    .optional()
    .meta({
      description: 'OpenSSH client configuration. Left out: ~/.ssh/config.',
      examples: ['/etc/diag503/ssh_config'],
    }),
  DIAG503_SSH_KNOWN_HOSTS: z
    .string()
    .optional()
    .meta({
      description: 'Known host keys. Left out: ~/.ssh/known_hosts.',
      examples: ['/etc/diag503/known_hosts'],
    }),
  DIAG503_SSH_KEY: z
    .string()
    .optional()
    .meta({
      description:
        'Private key for hosts whose ssh configuration names none. Left out: the agent, then ~/.ssh/id_*.',
      examples: ['/etc/diag503/id_ed25519'],
    }),
  DIAG503_CONCURRENCY: wholeNumber(1, 64)
    .default(4)
    .meta({ description: 'Diagnoses that one worker runs at the same time.' }),
  ...ALERT_VARIABLES,
  DIAG503_LOOK_AGAIN_MINUTES: wholeNumber(1, 1_440)
    .default(15)
    .meta({ description: 'Minutes after its last run at which what still fires is looked at again.' }),
  OPS_CHANNEL: z
    .string()
    .max(100)
    .optional()
    .meta({
      description:
        'Channel for what belongs to no service: alerts that matched none (once a day), alerts of a service without a channel, and what many services have in common.',
      examples: ['#ops'],
    }),
});
export type EnvVariables = z.infer<typeof EnvVariables>;
export type EnvName = keyof EnvVariables;

export const ENV_NAMES = Object.keys(EnvVariables.shape);
