import { stringify } from 'node:querystring';
import { z } from 'zod';
import { signRequest } from './signing.js';
import type { Acknowledgement, Delivery } from './socket-mode.js';
import { word, type Json } from './types.js';

type HttpTarget = { requestUrl: string; signingSecret: string; ackMs: number };

/** The signed POST of HTTP mode. Slash commands are forms, interactions a form around JSON, events JSON. */
export async function deliverHttp(
  { requestUrl, signingSecret, ackMs }: HttpTarget,
  delivery: Delivery,
  retry?: { attempt: number; reason: string },
): Promise<Acknowledgement> {
  const { body, contentType } = encode(delivery);
  try {
    const response = await fetch(requestUrl, {
      method: 'POST',
      headers: {
        'content-type': contentType,
        'user-agent': 'Slackbot 1.0 (local)',
        ...signRequest(signingSecret, body),
        ...(retry && { 'x-slack-retry-num': String(retry.attempt), 'x-slack-retry-reason': retry.reason }),
      },
      body,
      signal: AbortSignal.timeout(ackMs),
    });
    const text = await response.text();
    if (response.status !== 200) return { kind: 'failed', error: 'dispatch_failed' };
    return { kind: 'acknowledged', body: readAnswer(text, response.headers.get('content-type') ?? '') };
  } catch (error) {
    const isLate = error instanceof DOMException && error.name === 'TimeoutError';
    return { kind: 'failed', error: isLate ? 'operation_timeout' : 'dispatch_failed' };
  }
}

function encode({ type, payload }: Delivery): { body: string; contentType: string } {
  if (type === 'events_api') return { body: JSON.stringify(payload), contentType: 'application/json' };
  const form =
    type === 'interactive'
      ? { payload: JSON.stringify(payload) }
      : Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, word(value)]));
  return { body: stringify(form), contentType: 'application/x-www-form-urlencoded' };
}

/** An answer that is not JSON is plain words for the user. */
function readAnswer(text: string, contentType: string): Json {
  if (text === '') return null;
  if (!contentType.includes('json')) return { text };
  return z.json().parse(JSON.parse(text));
}
