import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';

/**
 * What a failed call means for its sender. `ambiguous`: it may have arrived. `refused-blocks`: Slack took the call but
 * not its blocks. `permanent`: no attempt will succeed before a human does something.
 */
export type SlackFailure =
  | { kind: 'rate-limited'; retryAfterMs: number; reason: string }
  | { kind: 'ambiguous'; reason: string }
  | { kind: 'refused-blocks'; reason: string }
  | { kind: 'permanent'; code: string; reason: string };

const RATE_LIMITED_DEFAULT_MS = 1_000;
/** Slack's own trouble, said with status 200. */
const ITS_OWN_TROUBLE = new Set([
  'internal_error',
  'fatal_error',
  'request_timeout',
  'service_unavailable',
  'team_added_to_org',
  'post_contents_invalid_retry',
]);
const REFUSED_BLOCKS = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_too_long',
  'msg_blocks_too_long',
  'block_mismatch',
]);

/** Null: it is not Slack's failure but ours, and belongs to the caller. */
export function slackFailure(error: unknown): SlackFailure | null {
  if (error instanceof WebAPIRateLimitedError) {
    return {
      kind: 'rate-limited',
      retryAfterMs: error.retryAfter * 1000,
      reason: 'Slack asks to wait (429)',
    };
  }
  if (error instanceof WebAPIRequestError) {
    return { kind: 'ambiguous', reason: `no answer from Slack: ${error.original.message}` };
  }
  if (error instanceof WebAPIHTTPError) return httpFailure(error.statusCode);
  if (error instanceof WebAPIPlatformError) return platformFailure(error.data.error);
  return null;
}

function httpFailure(status: number): SlackFailure {
  const reason = `Slack answered HTTP ${status}`;
  if (status >= 500 || status === 408) return { kind: 'ambiguous', reason };
  return { kind: 'permanent', code: `http_${status}`, reason };
}

function platformFailure(code: string): SlackFailure {
  const reason = `Slack answered ${code}`;
  if (code === 'ratelimited' || code === 'rate_limited') {
    return { kind: 'rate-limited', retryAfterMs: RATE_LIMITED_DEFAULT_MS, reason };
  }
  if (ITS_OWN_TROUBLE.has(code)) return { kind: 'ambiguous', reason };
  if (REFUSED_BLOCKS.has(code)) return { kind: 'refused-blocks', reason };
  return { kind: 'permanent', code, reason };
}

const TOKEN = 'Slack does not accept the bot’s token any more: an administrator must renew SLACK_BOT_TOKEN.';
const INVITE = 'invite the bot there with `/invite @diag503`, then ask again.';

const REMEDIES: Readonly<Record<string, string>> = {
  not_in_channel: INVITE,
  channel_not_found: `it is private or gone: ${INVITE}`,
  is_archived: 'the channel is archived: ask in another channel.',
  restricted_action:
    'the workspace does not let apps post there: ask an administrator, or ask in another channel.',
  restricted_action_read_only_channel: 'only some people may post there: ask in another channel.',
  missing_scope:
    'the Slack app lacks a permission: an administrator must install it again with the manifest of this version.',
  invalid_auth: TOKEN,
  not_authed: TOKEN,
  account_inactive: TOKEN,
  token_revoked: TOKEN,
  token_expired: TOKEN,
};

/** What a human can do about it. */
export const remedyOf = (code: string): string => REMEDIES[code] ?? `Slack refused it (${code}).`;
