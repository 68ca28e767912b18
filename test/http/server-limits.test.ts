import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLimitedServer } from '../../src/http/server-limits.js';

const server = createLimitedServer((_request, response) => void response.end('served'));
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** All that comes back until the other side ends. */
const told = (words: string): Promise<string> =>
  new Promise((resolve) => {
    let answer = '';
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1', () => socket.write(words));
    socket.on('data', (chunk) => (answer += String(chunk)));
    socket.on('error', () => undefined);
    socket.once('close', () => resolve(answer));
  });

it.each([
  ['serves', 'GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n', /^HTTP\/1\.1 200 /],
  ['refuses what is no HTTP', 'hello\r\n\r\n', /^HTTP\/1\.1 400 /],
  [
    'refuses endless headers',
    `GET / HTTP/1.1\r\nhost: a\r\nmore: ${'a'.repeat(100_000)}\r\n\r\n`,
    /^HTTP\/1\.1 431 /,
  ],
  ['cuts whoever does not end its headers, without an answer', 'GET / HTTP/1.1\r\nhost: a', /^$/],
])('%s', async (_name, words, answer) => {
  expect(await told(words)).toMatch(answer);
});
