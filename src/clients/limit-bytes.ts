import type { Duplex } from 'node:stream';
import { ClientError } from '../model/client-error.js';

/** INFO, SLOWLOG and a list of sessions are a hundredth of it. */
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * Ends a connection that says more than we could have asked for: client libraries keep an answer in memory until it
 * is complete, however long the server says it will be. Counted where bytes come in, so that nobody starts to read
 * before the library does.
 */
export const limitBytes = (stream: Duplex, max = MAX_BYTES): Duplex => {
  const push = stream.push.bind(stream);
  let left = max;
  stream.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    left -= Buffer.isBuffer(chunk) ? chunk.length : 0;
    if (left >= 0) return push(chunk, encoding);
    stream.destroy(new ClientError('malformed', `more than ${max / 1024 / 1024} MiB of answers; given up`));
    return false;
  };
  return stream;
};
