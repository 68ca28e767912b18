import type { Duplex } from 'node:stream';
import type { Socket } from 'node:net';

/**
 * Gives an open stream (a socket, or a connection forwarded by SSH) the socket methods that client libraries call
 * without asking. `connect` only reports what already is.
 */
export const asSocket = (stream: Duplex): Socket => {
  const self = (): Duplex => stream;
  const missing: Record<string, unknown> = {
    setNoDelay: self,
    setKeepAlive: self,
    setTimeout: self,
    ref: self,
    unref: self,
  };
  for (const [name, method] of Object.entries(missing)) {
    if (!(name in stream)) Object.defineProperty(stream, name, { value: method, configurable: true });
  }
  Object.defineProperty(stream, 'connect', {
    configurable: true,
    value: () => {
      process.nextTick(() => stream.emit('connect'));
      return stream;
    },
  });
  if (!isSocketShaped(stream)) throw new Error('the stream cannot be used as a socket');
  return stream;
};

/** Client libraries ask for a Socket and use of it what is given above; their declarations have no narrower type. */
const isSocketShaped = (stream: Duplex): stream is Socket => 'setNoDelay' in stream && 'connect' in stream;
