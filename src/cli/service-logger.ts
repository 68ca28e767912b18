import { alertSecrets } from '../config/alert-settings.js';
import type { Env } from '../config/env.js';
import { createLogger, type Logger, passwordOf } from '../logger.js';
import type { Inventory } from '../model/service.js';

/** The log of a bot or worker, without any secret that it was given. */
export function serviceLogger(env: Env, { secrets = [] }: Inventory): Logger {
  const { slack, slackApi, databaseUrl, redisUrl } = env;
  const token = slack?.mode === 'socket' ? slack.appToken : slack?.signingSecret;
  const ours = [token, slackApi?.botToken, passwordOf(databaseUrl), passwordOf(redisUrl)];
  return createLogger({ level: env.logLevel, secrets: [...ours, ...alertSecrets(env.alerts), ...secrets] });
}
