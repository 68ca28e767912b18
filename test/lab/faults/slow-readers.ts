import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startBesideHosts } from '../client.js';
import { KEPT } from '../lab.js';

const MAX_SECONDS = 150;
const PIDS = path.join(KEPT, 'slow-readers');

/** Each asks once and takes what comes in small sips, as on a line that is slow. */
const READERS = `
const http = require('node:http');
const [url, readers, seconds] = process.argv.slice(1);
const sip = (answer) => { setInterval(() => answer.read(Math.min(16384, answer.readableLength || 1)), 500); };
for (let reader = 0; reader < Number(readers); reader += 1)
  http.get(url, { agent: false }, (answer) => { answer.on('error', () => {}); sip(answer); }).on('error', () => {});
setTimeout(() => process.exit(), Number(seconds) * 1000);
`;

export function startSlowReaders(url: string, readers: number): void {
  const args = [url, readers, MAX_SECONDS].map(String);
  const { pid } = startBesideHosts([process.execPath, '-e', READERS, ...args]);
  if (pid === undefined) throw new Error('the readers did not start');
  writeFileSync(PIDS, `${String(pid)}\n`, { flag: 'a' });
}

export function endSlowReaders(): void {
  if (!existsSync(PIDS)) return;
  for (const pid of readFileSync(PIDS, 'utf8').trim().split('\n').map(Number))
    if (isReader(pid)) process.kill(pid);
  rmSync(PIDS);
}

const isReader = (pid: number): boolean =>
  existsSync(`/proc/${String(pid)}/cmdline`) &&
  readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').includes('answer.read(');
