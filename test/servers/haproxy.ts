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
  tell(line: string): Promise<string>;
  stop(): Promise<void>;
};

/** A real HAProxy with one frontend. `backends` are the sections' own lines. */
export async function startHaproxy(backends: string): Promise<TestHaproxy> {
  const folder = await mkdtemp(path.join(tmpdir(), 'diag503-haproxy-'));
  const [port, statsPort] = [await freePort(), await freePort()];
  const socket = path.join(folder, 'admin.sock');
  const file = path.join(folder, 'haproxy.cfg');
  await writeFile(
    file,
    `global
  stats socket ${socket} mode 600 level admin
defaults
  mode http
  timeout connect 1s
  timeout client 5s
  timeout server 5s
  timeout queue 1s
  timeout check 500ms
  default-server inter 200ms fall 2 rise 2
frontend web
  bind 127.0.0.1:${port}
  default_backend api
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
    statsUrl: `http://127.0.0.1:${statsPort}/stats;csv`,
    tell,
    stop: async () => {
      await server.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function say(socket: string, line: string): Promise<string> {
  const stream = await networkOfThisMachine('test').connectUnix(socket, AbortSignal.timeout(2000));
  stream.write(`${line}\n`);
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}
