import { readFileSync } from 'node:fs';
import path from 'node:path';
import ssh2, { type Connection, type ServerChannel } from 'ssh2';
import type { SshServer } from './sshd.js';

/** What no real sshd can be made to do. `silent-login`: the handshake is done, and then nothing. */
export type SshFault =
  | 'silent-login'
  | 'exec-never-answered'
  | 'exec-refused'
  | 'drop-on-exec'
  | 'no-exit-code'
  | 'drip'
  | 'garbage-after-login';

export type SshFaultServer = {
  port: number;
  hostKey: string;
  logins: () => number;
  close: () => Promise<void>;
};

/** Borrows the host key of a real test server; lets everybody in. */
export const startSshFaultServer = async (fault: SshFault, keys: SshServer): Promise<SshFaultServer> => {
  const connections = new Set<Connection>();
  let logins = 0;
  const server = new ssh2.Server(
    { hostKeys: [readFileSync(path.join(keys.folder, 'host_ed25519'))] },
    (connection, _info) => {
      connections.add(connection);
      connection.on('error', () => undefined);
      connection.on('close', () => connections.delete(connection));
      connection.on('authentication', (context) => {
        if (fault !== 'silent-login') context.accept();
      });
      connection.on('ready', () => {
        logins += 1;
        if (fault === 'garbage-after-login') socketOf(connection).write(Buffer.alloc(4096, 0xee));
        connection.on('session', (accept) => {
          const session = accept();
          session.on('exec', (acceptExec, rejectExec) => {
            if (fault === 'exec-refused') rejectExec();
            else if (fault === 'drop-on-exec') socketOf(connection).destroy();
            else if (fault !== 'exec-never-answered') misbehave(fault, acceptExec());
          });
        });
      });
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address: unknown = server.address();
  return {
    port: typeof address === 'object' && address !== null && 'port' in address ? Number(address.port) : 0,
    hostKey: keys.fingerprint('ed25519'),
    logins: () => logins,
    close: () =>
      new Promise((resolve) => {
        connections.forEach((connection) => socketOf(connection).destroy());
        server.close(() => resolve());
      }),
  };
};

const misbehave = (fault: SshFault, channel: ServerChannel): void => {
  channel.on('error', () => undefined);
  channel.resume();
  if (fault === 'no-exit-code') {
    channel.end('bye');
    return;
  }
  const timer = setInterval(() => channel.write('.'), 100);
  channel.once('close', () => clearInterval(timer));
};

/** Only to break it: the public interface closes politely. */
const socketOf = (connection: Connection) =>
  (connection as unknown as { _sock: { destroy(): void; write(bytes: Buffer): void } })._sock;
