import { existsSync } from 'node:fs';
import { type AlertSettings, sourcesWithoutSecret, toAlertSettings } from './alert-settings.js';
import { ConfigError } from './config-error.js';
import { ENV_NAMES, EnvVariables, WAYS_OUT } from './env-variables.js';
import { didYouMean, nearest } from './nearest.js';

/** What the environment gives: the argument of everything that used to read `process.env`. */
export type RawEnv = Readonly<Record<string, string | undefined>>;

/** `run`, `inventory`, `grant`, `audit` and `alerts` need nothing, `worker` posts to Slack, `bot` and `start` also listen to it. */
export type EnvCommand = 'run' | 'inventory' | 'grant' | 'audit' | 'alerts' | 'worker' | 'bot' | 'start';

/** Enough to call Slack's Web API. */
export type SlackApi = { botToken: string; apiUrl?: string };

/** Enough to also hear from Slack. */
export type SlackSettings =
  (SlackApi & { mode: 'socket'; appToken: string }) | (SlackApi & { mode: 'http'; signingSecret: string });

export type Env = {
  inventoryPath: string;
  dataDir: string;
  logLevel: EnvVariables['DIAG503_LOG_LEVEL'];
  databaseUrl?: string;
  redisUrl?: string;
  /** There for `worker`, `bot` and `start`. */
  slackApi?: SlackApi;
  /** There for `bot` and `start`. */
  slack?: SlackSettings;
  http: { host: string; port: number };
  ssh: { configPath?: string; knownHostsPath?: string; identityFile?: string; agentSocket?: string };
  /** Diagnoses that one worker runs at the same time. */
  concurrency: number;
  /** The alert sources that are on; not there where none is. */
  alerts?: AlertSettings;
  /** After this, what still fires is looked at again. */
  lookAgainMinutes: number;
  /** For what belongs to no service. */
  opsChannel?: string;
};

/** What a command may count on: `bot` and `start` always have `slack`, `worker` always has `slackApi`. */
export type EnvOf<Command extends EnvCommand> = Command extends 'bot' | 'start'
  ? Env & Required<Pick<Env, 'slack' | 'slackApi'>>
  : Command extends 'worker'
    ? Env & Required<Pick<Env, 'slackApi'>>
    : Env;

/** Loads `.env` where there is one. Variables that are already set win. */
export function loadEnvFile(path = '.env'): void {
  if (existsSync(path)) process.loadEnvFile(path);
}

/** Throws a ConfigError with everything that is missing, malformed or misspelt. An empty value counts as missing. */
export function readEnv<Command extends EnvCommand>(raw: RawEnv, command: Command): EnvOf<Command> {
  const given = relevant(raw, command);
  const parsed = EnvVariables.safeParse(given);
  const malformed = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  const problems = [
    ...malformed,
    ...missing(given, command),
    ...sourcesWithoutSecret(given),
    ...misspelt(given),
  ];
  if (problems.length > 0 || parsed.data === undefined) throw new ConfigError(problems);
  return toEnv(parsed.data, given['SSH_AUTH_SOCK']) as EnvOf<Command>;
}

/** What `run` does not need may be wrong: a diagnosis must not fail for a Slack token. */
function relevant(raw: RawEnv, command: EnvCommand): RawEnv {
  const alone = command === 'run' || command === 'inventory' || command === 'grant';
  const notNeeded = (name: string) =>
    ((alone || command === 'alerts') && /^(SLACK_|DATABASE_URL$|REDIS_URL$)/.test(name)) ||
    (alone && /^DIAG503_ALERTS_/.test(name) && ENV_NAMES.includes(name));
  return Object.fromEntries(Object.entries(raw).filter(([name, value]) => value && !notNeeded(name)));
}

function missing(given: RawEnv, command: EnvCommand): string[] {
  return needs(command, given['DIAG503_SLACK_MODE'])
    .filter((name) => given[name] === undefined)
    .map((name) => {
      const [typo] = nearest(
        name,
        Object.keys(given).filter((other) => other.startsWith('SLACK')),
        1,
      );
      const hint =
        typo === undefined || ENV_NAMES.includes(typo) ? '' : ` (${typo} is set: a typing mistake?)`;
      return `${name}: missing; ${WAYS_OUT[name]}${hint}`;
    });
}

function needs(command: EnvCommand, mode: string | undefined): (keyof typeof WAYS_OUT)[] {
  if (['run', 'inventory', 'grant', 'audit', 'alerts'].includes(command)) return [];
  if (command === 'worker') return ['SLACK_BOT_TOKEN'];
  return ['SLACK_BOT_TOKEN', mode === 'http' ? 'SLACK_SIGNING_SECRET' : 'SLACK_APP_TOKEN'];
}

/** A misspelt variable would be ignored in silence. Only our own prefix: the others are not ours to judge. */
function misspelt(given: RawEnv): string[] {
  return Object.keys(given)
    .filter((name) => /^DIAG_?503_(?!TEST_)/i.test(name) && !ENV_NAMES.includes(name))
    .map(
      (name) => `${name}: unknown variable;${didYouMean(name, ENV_NAMES) || ' see docs/configuration.md'}`,
    );
}

function toEnv(values: EnvVariables, agentSocket: string | undefined): Env {
  const slackApi = toSlackApi(values);
  const slack = slackApi && toSlack(values, slackApi);
  return {
    inventoryPath: values.DIAG503_INVENTORY,
    dataDir: values.DIAG503_DATA_DIR,
    logLevel: values.DIAG503_LOG_LEVEL,
    ...only('databaseUrl', values.DATABASE_URL),
    ...only('redisUrl', values.REDIS_URL),
    ...only('slackApi', slackApi),
    ...only('slack', slack),
    http: { host: values.DIAG503_HTTP_HOST, port: values.DIAG503_HTTP_PORT },
    ssh: {
      ...only('configPath', values.DIAG503_SSH_CONFIG),
      ...only('knownHostsPath', values.DIAG503_SSH_KNOWN_HOSTS),
      ...only('identityFile', values.DIAG503_SSH_KEY),
      ...only('agentSocket', agentSocket),
    },
    concurrency: values.DIAG503_CONCURRENCY,
    ...only('alerts', toAlertSettings(values)),
    lookAgainMinutes: values.DIAG503_LOOK_AGAIN_MINUTES,
    ...only('opsChannel', values.OPS_CHANNEL),
  };
}

function toSlackApi({ SLACK_BOT_TOKEN: botToken, SLACK_API_URL }: EnvVariables): SlackApi | undefined {
  if (botToken === undefined) return undefined;
  // Slack's client joins the method's name to it.
  return { botToken, ...only('apiUrl', SLACK_API_URL?.replace(/\/*$/, '/')) };
}

function toSlack(values: EnvVariables, api: SlackApi): SlackSettings | undefined {
  const { SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret } = values;
  if (values.DIAG503_SLACK_MODE === 'socket')
    return appToken === undefined ? undefined : { ...api, mode: 'socket', appToken };
  return signingSecret === undefined ? undefined : { ...api, mode: 'http', signingSecret };
}

/** An object with the key, or without it where there is no value: optional keys are never `undefined`. */
const only = <K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
