import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { remedyOf, slackFailure } from '../../src/slack/slack-failure.js';

const platform = (error: string) => new WebAPIPlatformError({ ok: false, error });

describe('slackFailure', () => {
  it.each([
    ['429', new WebAPIRateLimitedError(7), { kind: 'rate-limited', retryAfterMs: 7000 }],
    ['ratelimited', platform('ratelimited'), { kind: 'rate-limited' }],
    ['500', new WebAPIHTTPError(500, '', {}), { kind: 'ambiguous' }],
    ['no connection', new WebAPIRequestError(new Error('reset')), { kind: 'ambiguous' }],
    ['internal_error', platform('internal_error'), { kind: 'ambiguous' }],
    ['404', new WebAPIHTTPError(404, '', {}), { kind: 'permanent', code: 'http_404' }],
    ['invalid_blocks', platform('invalid_blocks'), { kind: 'refused-blocks' }],
    ['msg_too_long', platform('msg_too_long'), { kind: 'refused-blocks' }],
    ['not_in_channel', platform('not_in_channel'), { kind: 'permanent', code: 'not_in_channel' }],
    ['an unknown code', platform('brand_new_error'), { kind: 'permanent', code: 'brand_new_error' }],
  ])('%s', (_what, error, failure) => {
    expect(slackFailure(error)).toMatchObject(failure);
  });

  it('leaves other errors alone', () => {
    expect(slackFailure(new Error('of the database'))).toBeNull();
  });

  it('has a remedy for every code', () => {
    expect(remedyOf('not_in_channel')).toContain('/invite @diag503');
    expect(remedyOf('brand_new_error')).toContain('brand_new_error');
  });
});
