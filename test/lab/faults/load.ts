import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startBesideHosts } from '../client.js';
import { KEPT } from '../lab.js';

/** Whatever happens to the process that started it, load ends after this. */
const MAX_SECONDS = 150;
const PIDS = path.join(KEPT, 'load');

/** Each of so many clients asks again as soon as it has its answer, after a pause. One process: a curl for each would be load itself. */
const CLIENTS = `
const http = require('node:http');
const [url, clients, pauseMs, seconds] = process.argv.slice(1);
const ask = () => {
  let done = false;
  const next = () => { if (!done) setTimeout(ask, Number(pauseMs)); done = true; };
  http.get(url, { agent: false, timeout: 60000 }, (answer) => answer.resume().on('close', next)).on('error', next).on('timeout', next);
};
for (let client = 0; client < Number(clients); client += 1) setTimeout(ask, client * 5);
setTimeout(() => process.exit(), Number(seconds) * 1000);
`;

/** Real requests of users, from where users are. */
export function startLoad(url: string, clients: number, pauseMs = 20): void {
  const args = [url, clients, pauseMs, MAX_SECONDS].map(String);
  const { pid } = startBesideHosts([process.execPath, '-e', CLIENTS, ...args]);
  if (pid === undefined) throw new Error('the load did not start');
  writeFileSync(PIDS, `${String(pid)}\n`, { flag: 'a' });
}

/** Ends all of it, also what another process of the lab has started. */
export function endLoad(): void {
  if (!existsSync(PIDS)) return;
  for (const pid of readFileSync(PIDS, 'utf8').trim().split('\n').map(Number))
    if (isLoad(pid)) process.kill(pid);
  rmSync(PIDS);
}

const isLoad = (pid: number): boolean =>
  existsSync(`/proc/${String(pid)}/cmdline`) &&
  readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').includes("require('node:http')");
