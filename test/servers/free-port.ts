import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the ports that systems give away by themselves (Linux from 32768, macOS and Windows from 49152): one of those
 * may belong to a test that runs beside this one as soon as it is let go.
 */
const FROM = 20_000;
const TO = 32_000;

/** A port of loopback that nobody listens on, and that nobody gets who does not ask for it. */
export async function freePort(): Promise<number> {
  const port = randomInt(FROM, TO);
  const server = createServer().listen(port, '127.0.0.1');
  const isFree = await once(server, 'listening').then(
    () => true,
    (error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return false;
      throw error;
    },
  );
  if (!isFree) return freePort();
  server.close();
  await once(server, 'close');
  return port;
}
