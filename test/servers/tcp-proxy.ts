import { connect, createServer, type Socket } from 'node:net';

export type TcpProxy = {
  port: number;
  /** Connections that were ever made through it. */
  count: () => number;
  /** Both ends get an RST, as from a host that lost its memory. */
  reset: () => void;
  /** Takes bytes and gives none back, in both directions. */
  freeze: () => void;
  close: () => Promise<void>;
};

/** Stands between client and server and misbehaves on request. Without a target port it never answers at all. */
export const startTcpProxy = async (targetPort: number | null): Promise<TcpProxy> => {
  const sockets = new Set<Socket>();
  let count = 0;
  const server = createServer((client) => {
    count += 1;
    keep(client);
    if (targetPort === null) return;
    const upstream = keep(connect(targetPort, '127.0.0.1'));
    client.pipe(upstream).pipe(client);
  });
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
    return socket;
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    count: () => count,
    reset: () => sockets.forEach((socket) => socket.resetAndDestroy()),
    freeze: () =>
      sockets.forEach((socket) => {
        socket.unpipe();
        socket.pause();
      }),
    close: () =>
      new Promise((resolve) => {
        sockets.forEach((socket) => socket.destroy());
        server.close(() => resolve());
      }),
  };
};
