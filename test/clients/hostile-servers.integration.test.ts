import { readFileSync } from 'node:fs';
import { createServer as createHttps } from 'node:https';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTls, TLSSocket } from 'node:tls';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { askHttp } from '../../src/clients/http.js';
import { inPostgres } from '../../src/clients/postgres.js';
import { lookAtRedis } from '../../src/clients/redis.js';
import { workerNetwork } from '../../src/clients/worker-network.js';

const certificate = {
  key: readFileSync(new URL('../fixtures/tls/valid.key', import.meta.url)),
  cert: readFileSync(new URL('../fixtures/tls/valid.crt', import.meta.url)),
};
const servers: Server[] = [];
const sockets: Socket[] = [];
let heard = '';
beforeEach(() => {
  // What the client of the test before still sends is none of this test's.
  for (const socket of sockets.splice(0)) socket.removeAllListeners('data').destroy();
  heard = '';
});
afterAll(() => {
  vi.unstubAllEnvs();
  for (const server of servers) server.close();
});

const serve = async (server: Server): Promise<string> => {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
};
const listen = (socket: Socket, reply: (said: string) => Buffer | string | null): void => {
  sockets.push(socket);
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    heard += chunk.toString('latin1');
    const answer = reply(chunk.toString('latin1'));
    if (answer !== null) socket.write(answer);
  });
};
/** AuthenticationCleartextPassword. */
const GIVE_PASSWORD = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]);
const within = () => AbortSignal.timeout(8000);

describe('a password', () => {
  it("of the worker's own environment is given to no diagnosed PostgreSQL", async () => {
    vi.stubEnv('PGPASSWORD', 'password-of-our-own');
    const at = await serve(createServer((socket) => listen(socket, () => GIVE_PASSWORD)));
    await inPostgres(workerNetwork, `postgres://app@${at}/orders`, within(), (query) => query('select 1'));
    expect(heard).toContain('diag503');
    expect(heard).not.toContain('password-of-our-own');
  });

  it('of a PostgreSQL that must be verified stays here while its issuer is unknown', async () => {
    const at = await serve(
      createServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => {
          socket.write('S');
          listen(new TLSSocket(socket, { isServer: true, ...certificate }), () => GIVE_PASSWORD);
        });
      }),
    );
    const url = `postgres://app:hunter22@localhost:${at.split(':')[1] ?? ''}/orders?sslmode=verify-full`;
    await expect(inPostgres(workerNetwork, url, within(), () => Promise.resolve(1))).rejects.toMatchObject({
      code: expect.stringMatching(/denied/) as string,
      message: expect.stringContaining('no password was sent') as string,
    });
    expect(heard).toBe('');
  });

  it('of Redis stays here while the issuer is unknown', async () => {
    const at = await serve(createTls(certificate, (socket) => listen(socket, () => '+OK\r\n')));
    const url = `rediss://:hunter22@localhost:${at.split(':')[1] ?? ''}`;
    await expect(lookAtRedis(workerNetwork, url, within())).rejects.toThrow('no password was sent');
    expect(heard).toBe('');
  });

  it('of a URL stays here while the issuer is unknown', async () => {
    const at = await serve(
      createHttps(certificate, (request, response) => {
        heard += String(request.headers.authorization);
        response.end();
      }),
    );
    const url = `https://user:hunter22@localhost:${at.split(':')[1] ?? ''}/`;
    await expect(askHttp(workerNetwork, { url }, within())).rejects.toThrow('no password was sent');
    expect(heard).toBe('');
  });
});

describe('an answer without end', () => {
  const megabyte = 'a'.repeat(1024 * 1024);

  it('of Redis is given up long before it fills the memory', async () => {
    let sent = 0;
    const at = await serve(
      createServer((socket) => {
        const flood = (): void => {
          while (!socket.destroyed && sent < 400) {
            sent += 1;
            if (!socket.write(megabyte)) {
              socket.once('drain', flood);
              return;
            }
          }
        };
        listen(socket, (said) => {
          if (/ping/i.test(said)) return '+PONG\r\n';
          setImmediate(flood);
          return '$1900000000\r\n';
        });
      }),
    );
    await expect(lookAtRedis(workerNetwork, `redis://${at}`, within())).rejects.toThrow('8 MiB');
    expect(sent).toBeLessThan(100);
  });
});
