import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from './free-port.js';
import { findProgram } from './require-server.js';
import { until } from '../helpers/until.js';
import { networkOfThisMachine } from '../../src/clients/worker-network.js';
import { spawnWatched } from './watched.js';

export type TestHaproxy = {
  port: number;
  statsUrl: string;
  socket: string;
  /** What rsyslog would have made of its log. */
  log: string;
  tell(line: string): Promise<string>;
  stop(): Promise<void>;
};

/** A real HAProxy with one frontend. `backends` are the sections' own lines, `rules` those of the frontend. */
export async function startHaproxy(backends: string, rules = 'default_backend api'): Promise<TestHaproxy> {
  const folder = await mkdtemp(path.join(tmpdir(), 'diag503-haproxy-'));
  const [port, statsPort] = [await freePort(), await freePort()];
  const socket = path.join(folder, 'admin.sock');
  const file = path.join(folder, 'haproxy.cfg');
  const log = path.join(folder, 'haproxy.log');
  const syslog = await listenToSyslog(log);
  await writeFile(
    file,
    `global
  log 127.0.0.1:${syslog.address().port} local0
  stats socket ${socket} mode 600 level admin
defaults
  mode http
  log global
  option httplog
  timeout connect 1s
  timeout client 5s
  timeout server 5s
  timeout queue 1s
  timeout check 2s
  default-server inter 200ms fall 2 rise 2
frontend web
  bind 127.0.0.1:${port}
  ${rules}
frontend stats
  bind 127.0.0.1:${statsPort}
  stats enable
  stats uri /stats
${backends}
`,
  );
  const server = await spawnWatched(findProgram('haproxy')!, ['-db', '-q', '-f', file]);
  const tell = (line: string): Promise<string> => say(socket, line);
  await until('HAProxy answers at its socket', async () =>
    (await tell('show info').catch(() => '')).includes('Version'),
  );
  return {
    port,
    socket,
    log,
    statsUrl: `http://127.0.0.1:${statsPort}/stats;csv`,
    tell,
    stop: async () => {
      await server.end();
      syslog.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * HAProxy logs to a socket only. The file looks like rsyslog's: without the priority. It is opened once: a test may take
 * this process' rights for a moment, and HAProxy logs whenever it likes.
 */
async function listenToSyslog(file: string) {
  const log = openSync(file, 'a');
  const socket = createSocket('udp4').on('close', () => {
    closeSync(log);
  });
  socket.on('message', (message) => {
    writeSync(
      log,
      `${message
        .toString('utf8')
        .replace(/^<\d+>/, '')
        .trimEnd()}\n`,
    );
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

async function say(socket: string, line: string): Promise<string> {
  const stream = await networkOfThisMachine('test').connectUnix(socket, AbortSignal.timeout(2000));
  stream.write(`${line}\n`);
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}
