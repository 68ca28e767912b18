import type { IncomingMessage } from 'node:http';

export type BodyLimits = { maxBytes: number; withinMs: number };
export type BodyRead = { ok: true; body: Buffer } | { ok: false; status: 400 | 408 | 413; because: string };

/** A whole body, or why not: never more than a number of bytes in memory, never longer than a time. */
export function readBody(req: IncomingMessage, { maxBytes, withinMs }: BodyLimits): Promise<BodyRead> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const end = (read: BodyRead): void => {
      clearTimeout(timer);
      req.removeAllListeners('data');
      resolve(read);
    };
    const refuse = (status: 400 | 408 | 413, because: string): void => {
      req.pause();
      end({ ok: false, status, because });
    };
    const timer = setTimeout(() => refuse(408, 'the body did not arrive in time'), withinMs);
    req.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) refuse(413, `the body has more than ${maxBytes} bytes`);
      else chunks.push(chunk);
    });
    req.once('end', () => end({ ok: true, body: Buffer.concat(chunks) }));
    req.once('error', () => refuse(400, 'the body broke off'));
    req.once('close', () => refuse(400, 'the body broke off'));
  });
}
