import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { greetPostgres, inPostgres } from '../../src/clients/postgres.js';
import { workerNetwork } from '../../src/clients/worker-network.js';

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

const serve = async (onData: (socket: Socket) => void): Promise<string> => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => onData(socket));
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  return `postgres://app:secret@127.0.0.1:${String((server.address() as AddressInfo).port)}/orders`;
};
/** ErrorResponse of the wire protocol, as a server sends it before the login. */
const refusing = (code: string, text: string): Promise<string> =>
  serve((socket) => {
    const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${text}\0\0`);
    const head = Buffer.alloc(5);
    head.write('E');
    head.writeInt32BE(fields.length + 4, 1);
    socket.end(Buffer.concat([head, fields]));
  });
const logIn = (url: string) =>
  inPostgres(workerNetwork, url, AbortSignal.timeout(8000), (query) => query('select 1'));

describe('inPostgres', () => {
  it.each([
    ['57P03', 'the database system is starting up', 'other'],
    ['57P03', 'the database system is shutting down', 'other'],
    ['53300', 'sorry, too many clients already', 'other'],
    ['28P01', 'password authentication failed for user "app"', 'denied'],
    ['08P01', 'no more connections allowed (max_client_conn)', 'other'],
  ])('gives %s as a result: %s', async (code, text, kind) => {
    const { rung, failure } = await logIn(await refusing(code, text));
    expect({ rung, failure }).toEqual({
      rung: 'auth',
      failure: { rung: 'auth', kind, message: `FATAL: ${text}`, code },
    });
  });

  it('tells silence after the connection', async () => {
    const { failure } = await logIn(await serve(() => undefined));
    expect(failure).toMatchObject({ rung: 'auth', kind: 'timeout', code: null });
  });

  it('tells a connection that is cut', async () => {
    const { failure } = await logIn(await serve((socket) => socket.destroy()));
    expect(failure).toMatchObject({ rung: 'auth', kind: 'reset' });
  });

  it('tells what is no PostgreSQL', async () => {
    const url = await serve((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect((await logIn(url)).failure).toMatchObject({ rung: 'auth' });
    expect((await greetPostgres(workerNetwork, url, AbortSignal.timeout(3000))).failure).toMatchObject({
      rung: 'answer',
    });
  });
});

it('greets without taking a slot', async () => {
  const url = await serve((socket) => socket.write('N'));
  const session = await greetPostgres(workerNetwork, url, AbortSignal.timeout(3000));
  expect(session).toMatchObject({ result: 'speaks', failure: null });
});
