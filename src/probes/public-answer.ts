import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { askHttp, withoutUserinfo } from '../clients/http.js';
import { defineServiceProbe, WORKER } from './define-probe.js';
import { HttpAnswer } from './http-answer.js';

const ASKS = 3;
/** A stable share of bad answers points to bad members; asking at once would meet one connection's luck. */
const PAUSE_MS = 200;
const DEADLINE_MS = 5000;
const TIMEOUT_MS = 6000;
/** All are asked and told within the probe's own time. */
const ALL_WITHIN_MS = TIMEOUT_MS - 300;
/** After two such answers and the pauses the third has still more time than this. */
const LATE_MS = 1500;

/** What users get: the public URL, asked three times from the worker. */
export const publicAnswer = defineServiceProbe({
  id: 'public-answer',
  fact: z.object({ answers: z.array(HttpAnswer).min(1) }),
  timeoutMs: TIMEOUT_MS,
  places: ({ url, name }) => (url === undefined ? [] : [{ target: { kind: 'service', name }, from: WORKER }]),
  source: ({ url }) => `curl -si --http1.1 -m 5 ${url === undefined ? '' : withoutUserinfo(url)}`,

  async read({ service: { url = '' }, network, signal }) {
    const startedAt = Date.now();
    const answers: HttpAnswer[] = [];
    let tookMs = 0;
    const ask = async (): Promise<void> => {
      const askedAt = Date.now();
      // A user waits for a slow page: who gives up early takes it for none.
      const deadlineMs = Math.min(DEADLINE_MS, startedAt + ALL_WITHIN_MS - askedAt);
      answers.push(await askHttp(network, { url, deadlineMs }, signal));
      tookMs = Date.now() - askedAt;
    };
    await ask();
    // Silence is not asked for again, nor a late answer: each question may hold a worker of a service that has none left.
    while (answers.length < ASKS && tookMs < LATE_MS) {
      await sleep(PAUSE_MS, undefined, { signal });
      await ask();
    }
    return { answers };
  },
});
