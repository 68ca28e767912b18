import { once } from 'node:events';
import { text } from 'node:stream/consumers';
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

/** One process asks until it is over: a curl for each question would cost more CPU time than its answer. */
const ASK = `
const http = require('node:http');
const { urls, statuses, inARow, patienceMs, answerMs, pauseMs } = JSON.parse(process.argv[1]);
const end = Date.now() + patienceMs;
const ask = (url) => new Promise((resolve) => {
  const request = http.get(url, { agent: false, signal: AbortSignal.timeout(answerMs) }, (answer) =>
    answer.resume().on('end', () => resolve(answer.statusCode)).on('error', () => resolve(0)));
  request.on('error', () => resolve(0));
});
const until = async (url) => {
  const seen = [];
  for (let row = 0; row < inARow; ) {
    if (Date.now() > end) throw url + ' answered ' + seen.slice(-10).join(', ') + ', not ' + statuses.join(' or ') + '.';
    const status = await ask(url);
    seen.push(status);
    row = statuses.includes(status) ? row + 1 : 0;
    if (row < inARow) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
};
Promise.all(urls.map(until)).then(() => process.exit(0), (why) => { console.log(why); process.exit(1); });
`;

/** As users ask, from where they are: 0 is no answer within 5 s. Throws what they got instead. */
export async function askUntil(wanted: Wanted): Promise<void> {
  const given = JSON.stringify({ ...wanted, answerMs: ANSWER_MS, pauseMs: PAUSE_MS });
  const child = goBesideHosts([process.execPath, '-e', ASK, given], 'pipe');
  if (child.stdout === null) throw new Error('nobody hears what users get');
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const [why, [status]] = await Promise.all([text(child.stdout), ended]);
  if (status !== 0) throw new Error(why.trim() || `asking as users ended with ${String(status)}`);
}
