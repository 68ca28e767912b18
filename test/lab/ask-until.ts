import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { goBesideHosts } from './client.js';

export type Wanted = {
  readonly urls: readonly string[];
  readonly statuses: readonly number[];
  /** So many such answers one after the other, from each URL. */
  readonly inARow: number;
  readonly patienceMs: number;
};

const ANSWER_MS = 5_000;
const PAUSE_MS = 300;
/** What is not told so long after its patience is over will not be told. */
const LATE_MS = 10_000;

/** One process asks for as long as this one lives: to start one for each question would cost more CPU time than all answers. */
const ASK = `
const http = require('node:http');
const ask = (url) => new Promise((resolve) => {
  const request = http.get(url, { agent: false, signal: AbortSignal.timeout(${String(ANSWER_MS)}) }, (answer) =>
    answer.resume().on('end', () => resolve(answer.statusCode)).on('error', () => resolve(0)));
  request.on('error', () => resolve(0));
});
const until = async (url, { statuses, inARow, end }) => {
  const seen = [];
  for (let row = 0; row < inARow; ) {
    if (Date.now() > end) throw url + ' answered ' + seen.slice(-10).join(', ') + ', not ' + statuses.join(' or ') + '.';
    const status = await ask(url);
    seen.push(status);
    row = statuses.includes(status) ? row + 1 : 0;
    if (row < inARow) await new Promise((resolve) => setTimeout(resolve, ${String(PAUSE_MS)}));
  }
};
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, urls, ...wanted } = JSON.parse(line);
  const say = (why) => console.log(JSON.stringify({ id, why }));
  Promise.all(urls.map((url) => until(url, { ...wanted, end: Date.now() + wanted.patienceMs }))).then(() => say(null), (why) => say(String(why)));
}).on('close', () => process.exit(0));
`;

const Told = z.object({ id: z.int(), why: z.string().nullable() });
type Tell = (why: string | null) => void;
type Asker = { readonly child: ChildProcess; readonly waiting: Map<number, Tell> };

let asker: Asker | null = null;
let questions = 0;

/** As users ask, from where they are: 0 is no answer within 5 s. Throws what they got instead. */
export async function askUntil(wanted: Wanted): Promise<void> {
  const { child, waiting } = (asker ??= startAsker());
  const id = (questions += 1);
  const why = await new Promise<string | null>((resolve) => {
    // Keeps this process alive meanwhile, which the one that asks does not.
    const late = setTimeout(() => resolve('asking as users never ended'), wanted.patienceMs + LATE_MS);
    waiting.set(id, (words) => {
      clearTimeout(late);
      resolve(words);
    });
    child.stdin?.write(`${JSON.stringify({ id, ...wanted })}\n`);
  });
  waiting.delete(id);
  if (why !== null) throw new Error(why);
}

/** Ends with this process, whose end closes what it reads from, or with the lab. */
function startAsker(): Asker {
  const child = goBesideHosts([process.execPath, '-e', ASK], 'pipe');
  const waiting = new Map<number, Tell>();
  if (child.stdout === null) throw new Error('nobody hears what users get');
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id, why } = Told.parse(JSON.parse(line));
    waiting.get(id)?.(why);
  });
  const end = (words: string): void => {
    asker = null;
    for (const tell of waiting.values()) tell(`asking as users ended: ${words}`);
  };
  child.on('exit', (status) => end(`status ${String(status)}`));
  for (const each of [child, child.stdin]) each?.on('error', (error: Error) => end(error.message));
  child.unref();
  for (const pipe of [child.stdin, child.stdout]) if (pipe instanceof Socket) pipe.unref();
  return { child, waiting };
}
