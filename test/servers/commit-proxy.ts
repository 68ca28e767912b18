import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

export type CommitProxy = {
  /** Of the same database, on the way through here. */
  url: string;
  /** The next transaction in which a client says `word` as a value of its own is committed, and nobody hears of it. */
  loseAnswerOf: (word: string) => void;
  /** How often that was done. */
  lost: () => number;
  close: () => void;
};

/** A value of the protocol's Bind message: its length in four bytes, and its text. */
const bound = (word: string): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(Buffer.byteLength(word));
  return Buffer.concat([length, Buffer.from(word)]);
};
const COMMITTED = Buffer.from('COMMIT\0');

const socketOf = (folder: string, port: string): string => path.join(folder, `.s.PGSQL.${port}`);

/** Stands between a client and the socket of a PostgreSQL, and can break a connection between a COMMIT and its answer. */
export async function startCommitProxy(databaseUrl: string): Promise<CommitProxy> {
  const url = new URL(databaseUrl);
  const port = url.searchParams.get('port') ?? '5432';
  const target = socketOf(url.searchParams.get('host') ?? '', port);
  const folder = mkdtempSync(path.join(tmpdir(), 'diag503-commit-'));
  url.searchParams.set('host', folder);
  let wanted: string | null = null;
  let lost = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target);
    let isMarked = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.once('close', () => [client, upstream].forEach((each) => each.destroy()));
    }
    client.on('data', (chunk: Buffer) => {
      if (wanted !== null && chunk.includes(bound(wanted))) isMarked = true;
      upstream.write(chunk);
    });
    upstream.on('data', (chunk: Buffer) => {
      if (!isMarked || !chunk.includes(COMMITTED)) return void client.write(chunk);
      [wanted, isMarked] = [null, false];
      lost += 1;
      client.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(socketOf(folder, port), resolve));
  return {
    url: url.href,
    loseAnswerOf: (word) => (wanted = word),
    lost: () => lost,
    close: () => {
      sockets.forEach((socket) => socket.destroy());
      server.close();
      rmSync(folder, { recursive: true });
    },
  };
}
