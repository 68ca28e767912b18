import type { IncomingMessage } from 'node:http';

export type BodyLimits = { maxBytes: number; withinMs: number };
/** 503: not a fault of what was sent. It may even be ours, when this process stood still: 408 would be final for Alertmanager. */
type Failure = 400 | 413 | 503;
export type BodyRead = { ok: true; body: Buffer } | { ok: false; status: Failure; because: string };

/**
 * A whole body, or why not: never more than a number of bytes in memory, never longer than a time, and no longer than
 * nobody else needs its place.
 */
export function readBody(
  req: IncomingMessage,
  { maxBytes, withinMs, giveWay }: BodyLimits & { giveWay: AbortSignal },
): Promise<BodyRead> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const end = (read: BodyRead): void => {
      clearTimeout(timer);
      req.removeAllListeners('data');
      resolve(read);
    };
    const refuse = (status: Failure, because: string): void => {
      req.pause();
      chunks.length = 0; // the socket lives on for a moment
      end({ ok: false, status, because });
    };
    const timer = setTimeout(() => refuse(503, 'the body did not arrive in time'), withinMs);
    req.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) refuse(413, `the body has more than ${maxBytes} bytes`);
      else chunks.push(chunk);
    });
    req.once('end', () => end({ ok: true, body: Buffer.concat(chunks) }));
    req.once('error', () => refuse(400, 'the body broke off'));
    req.once('close', () => refuse(400, 'the body broke off'));
    giveWay.addEventListener('abort', () => refuse(503, 'the slowest of too many at once'), { once: true });
  });
}
