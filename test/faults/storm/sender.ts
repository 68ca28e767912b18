import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import pRetry, { AbortError } from 'p-retry';
import type { Random } from '../random.js';
import { alertBody } from './alert-body.js';
import { TOKEN } from './stage.js';

/** What became of all deliveries, as their sender saw it. */
export type Sent = {
  /** Fingerprints of alerts whose delivery was answered with success. */
  readonly accepted: Set<string>;
  /** Answers and failures by what they were: `200`, `503`, `no answer`. */
  readonly answers: Map<string, number>;
  /** Successes of each bot. */
  readonly byBot: number[];
  /** What no source would send again, and must not happen to an honest one. */
  readonly refused: string[];
  /** From the first attempt to success, in milliseconds. */
  readonly tookMs: number[];
};

type Options = {
  count: number;
  withinMs: number;
  addresses: readonly string[];
  services: readonly string[];
  random: Random;
};

/** A pair of Alertmanagers tells of everything twice: of one in ten here. */
const TWICE_EVERY = 10;
/** Alertmanager waits as long as this at first, half as long again each time, and at random. */
const AGAIN = { retries: 1_000, minTimeout: 500, factor: 1.5, maxTimeout: 5_000, randomize: true };
const GIVE_UP_MS = 300_000;
const ANSWER_WITHIN_MS = 10_000;
const SOCKETS = 256;

/** Sends one alert a delivery, evenly over the time, in turn to each bot; what is not stored it sends again. */
export async function sendAlerts({ count, withinMs, random, ...to }: Options, sent: Sent): Promise<void> {
  const began = Date.now();
  const limit = pLimit(SOCKETS);
  const deliveries: Promise<void>[] = [];
  for (let index = 0; index < count; index += 1) {
    await sleep(Math.max(0, began + (index * withinMs) / count - Date.now()));
    const fingerprint = `f${index}`;
    const body = alertBody(fingerprint, random.pick([to.services[0] ?? '', ...to.services.slice(1)]), random);
    const send = (turn: number): Promise<void> => deliver({ ...to, fingerprint, body, turn, limit }, sent);
    deliveries.push(send(index), ...(index % TWICE_EVERY === 0 ? [send(index + 1)] : []));
  }
  await Promise.all(deliveries);
}

type Delivery = {
  addresses: readonly string[];
  fingerprint: string;
  body: string;
  turn: number;
  limit: ReturnType<typeof pLimit>;
};

async function deliver({ addresses, fingerprint, body, turn, limit }: Delivery, sent: Sent): Promise<void> {
  const began = Date.now();
  const attempt = async (number: number): Promise<void> => {
    const bot = (turn + number) % addresses.length;
    const status = await limit(() => post(addresses[bot] ?? '', body));
    sent.answers.set(status, (sent.answers.get(status) ?? 0) + 1);
    if (status === '200') sent.byBot[bot] = (sent.byBot[bot] ?? 0) + 1;
    else if (status === 'no answer' || status.startsWith('5')) throw new Error(status);
    else throw new AbortError(`answered ${status}`);
  };
  try {
    await pRetry(attempt, { ...AGAIN, maxRetryTime: GIVE_UP_MS });
    sent.accepted.add(fingerprint);
    sent.tookMs.push(Date.now() - began);
  } catch (error) {
    sent.refused.push(`${fingerprint}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function post(address: string, body: string): Promise<string> {
  try {
    const answer = await fetch(`${address}/alerts/alertmanager`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
      body,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    await answer.arrayBuffer();
    return String(answer.status);
  } catch {
    return 'no answer'; // refused, reset or too late: whether it was stored nobody knows
  }
}
