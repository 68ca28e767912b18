import { createServer, type RequestListener, type Server } from 'node:http';

/** Slow senders hold a connection no longer than this; Node's own limits are five minutes and one. */
const LIMITS = { requestTimeout: 10_000, headersTimeout: 5_000, connectionsCheckingInterval: 1_000 } as const;

const ANSWERS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};

/**
 * A server whose slow senders are cut without an answer. Node's 408 would be final for Alertmanager, and it is given
 * also when the request was there in time and this process stood still; whoever gets no answer sends again.
 */
export function createLimitedServer(listener: RequestListener): Server {
  const server = createServer(LIMITS, listener);
  server.on('clientError', ({ code = '' }: NodeJS.ErrnoException, socket) => {
    if (code === 'ERR_HTTP_REQUEST_TIMEOUT' || !socket.writable) socket.destroy();
    else socket.end(`HTTP/1.1 ${ANSWERS[code] ?? '400 Bad Request'}\r\nconnection: close\r\n\r\n`);
  });
  return server;
}
