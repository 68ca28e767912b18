import type { Logger as PinoLogger } from 'pino';
import { type Logger as SlackLogger, LogLevel } from '@slack/web-api';

/** What this folder needs of a logger. */
export type Log = Pick<PinoLogger, 'info' | 'warn' | 'error'>;

/** Slack's libraries as lines of our log. Never their debug lines: those hold whole payloads, with what people typed. */
export const slackLogger = (log: Log): SlackLogger => ({
  debug: () => undefined,
  info: () => undefined,
  warn: (...words: unknown[]) => log.warn(words.map(wordOf).join(' ')),
  error: (...words: unknown[]) => log.error(words.map(wordOf).join(' ')),
  setLevel: () => undefined,
  getLevel: () => LogLevel.WARN,
  setName: () => undefined,
});

const wordOf = (word: unknown): string => (word instanceof Error ? word.message : String(word)).slice(0, 500);
