import type { Env } from '../config/env.js';
import { createLogger, type Logger, passwordOf } from '../logger.js';
import type { Inventory } from '../model/service.js';

/** The log of a service, without any secret that it was given. */
export function serviceLogger(env: Env, { services }: Inventory): Logger {
  const { slack, slackApi, databaseUrl, redisUrl } = env;
  const tokens = slack?.mode === 'socket' ? [slack.appToken] : [slack?.signingSecret];
  const urls = [...services.values()].flatMap(({ url, health, database, dependencies, balancer }) => [
    url,
    health,
    database?.url,
    balancer?.statsUrl,
    ...dependencies.map((dependency) => ('url' in dependency ? dependency.url : undefined)),
  ]);
  const secrets = [...tokens, slackApi?.botToken, ...[databaseUrl, redisUrl, ...urls].map(passwordOf)];
  return createLogger({ level: env.logLevel, secrets });
}
