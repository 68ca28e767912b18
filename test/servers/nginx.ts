import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createConnection } from 'node:net';
import { freePort } from './free-port.js';
import { findProgram } from './require-server.js';
import { until } from '../helpers/until.js';
import { spawnWatched } from './watched.js';

export type TestNginx = { url: string; errorLog: string; folder: string; stop(): Promise<void> };

/** A real nginx with one server. `http` goes above it, `server` into it, `events` into its block. */
export async function startNginx({
  http = '',
  server,
  events = 'worker_connections 64;',
}: {
  http?: string;
  events?: string;
  server: string;
}): Promise<TestNginx> {
  const folder = await mkdtemp(path.join(tmpdir(), 'diag503-nginx-'));
  const port = await freePort();
  const file = path.join(folder, 'nginx.conf');
  const errorLog = path.join(folder, 'error.log');
  await writeFile(
    file,
    `daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log ${errorLog};
events { ${events} }
http {
  access_log off;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  ${http}
  server { listen 127.0.0.1:${port}; ${server.replaceAll('FOLDER', folder)} }
}
`,
  );
  const watched = await spawnWatched(findProgram('nginx')!, ['-e', errorLog, '-p', folder, '-c', file]);
  await until('nginx listens', () => opens(port));
  return {
    url: `http://127.0.0.1:${port}/`,
    errorLog,
    folder,
    stop: async () => {
      await watched.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function opens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
