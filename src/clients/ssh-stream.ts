import { Duplex } from 'node:stream';
import type { Channel, Client } from 'ssh2';

/**
 * A forwarded connection that ends as a socket does. ssh2's own channel never says `close` to who destroyed it
 * unread, and a lost SSH connection looks there like a polite end.
 */
export const streamOf = (channel: Channel, client: Client, host: string): Duplex => {
  let closed = false;
  const stream = new Duplex({
    allowHalfOpen: false,
    read: () => void channel.resume(),
    write: (chunk: Buffer, _encoding, done) => {
      if (closed) done(failure('EPIPE', `${host}: the forwarded connection is closed`));
      else channel.write(chunk, () => done());
    },
    final: (done) => {
      channel.end();
      done();
    },
    destroy: (error, done) => {
      client.off('close', onLost);
      channel.destroy();
      channel.resume(); // unread data would keep it from closing
      done(error);
    },
  });
  const onLost = (): void => {
    closed = true;
    stream.destroy(failure('ECONNRESET', `${host}: the SSH connection was lost`));
  };
  client.once('close', onLost);
  channel.on('data', (chunk: Buffer) => {
    if (!stream.destroyed && !stream.push(chunk)) channel.pause();
  });
  channel.once('end', () => {
    if (!stream.destroyed) stream.push(null);
  });
  channel.once('close', () => {
    closed = true;
  });
  channel.on('error', ignoreLate);
  stream.on('error', ignoreLate);
  return stream;
};

/** A stream that nobody reads any more must not end the process; readers add their own listener. */
const ignoreLate = (): void => undefined;

const failure = (code: string, message: string): Error => Object.assign(new Error(message), { code });
