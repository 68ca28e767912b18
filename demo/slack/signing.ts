import { createHmac } from 'node:crypto';

/** Slack's request signature: HMAC-SHA256 of `v0:<unix seconds>:<raw body>`. */
export function signRequest(secret: string, body: string, timestamp = Math.floor(Date.now() / 1000)) {
  const digest = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': String(timestamp), 'x-slack-signature': `v0=${digest}` };
}
