import { WebClient, type WebClientOptions } from '@slack/web-api';
import { type Log, slackLogger } from './log.js';

type SlackApi = { botToken: string; apiUrl?: string };

/** A call without an answer for this long counts as ambiguous: it may have arrived. */
const TIMEOUT_MS = 8_000;

/**
 * The library would post again by itself after an error 500 or a reset, although the first post may have arrived, and would hold
 * back every call after one 429. The outbox does both with care instead.
 */
export const webClientOptions = (apiUrl: string | undefined, log: Log): WebClientOptions => ({
  timeout: TIMEOUT_MS,
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  maxRequestConcurrency: 5,
  allowAbsoluteUrls: false,
  logger: slackLogger(log),
  ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/` }),
});

export const createWebClient = ({ botToken, apiUrl }: SlackApi, log: Log): WebClient =>
  new WebClient(botToken, webClientOptions(apiUrl, log));
