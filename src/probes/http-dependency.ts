import { setTimeout as sleep } from 'node:timers/promises';
import { addressOf, askHttp, requestLine } from '../clients/http.js';
import { defineServiceProbe } from './define-probe.js';
import {
  DependencyAnswer,
  dependencyOf,
  dependencyPlaces,
  refuseForeignLoopback,
} from './dependency-answer.js';
import type { HttpAnswer } from './http-answer.js';

const DEADLINE_MS = 3000;
/** A bad answer is asked for again: one in three may be one bad server of several. */
const MORE_ASKS = 2;
const PAUSE_MS = 200;

/** What an HTTP dependency answers. */
export const httpDependency = defineServiceProbe({
  id: 'http-dependency',
  fact: DependencyAnswer,
  fallback: 'worker',
  timeoutMs: 6000,
  places: (service) => dependencyPlaces(service, 'http'),
  source: (service, place) =>
    `curl -si -m 3 ${requestLine(dependencyOf(service, 'http', place).url).split(' ')[1] ?? ''}`,

  async read({ service, place, network, signal }) {
    const { url } = dependencyOf(service, 'http', place);
    const { host, port } = addressOf(new URL(url));
    refuseForeignLoopback(host, place, network);
    const ask = () => askHttp(network, { url, deadlineMs: DEADLINE_MS }, signal);
    const answers = [await ask()];
    while (answers.length <= MORE_ASKS && answers.every((each) => isRefusal(each) || isBroken(each))) {
      await sleep(PAUSE_MS, undefined, { signal });
      answers.push(await ask());
    }
    const last = answers.at(-1) ?? (await ask());
    return {
      kind: 'http' as const,
      address: `${host}:${String(port)}`,
      rung: last.failure?.rung ?? ('answer' as const),
      failure: answers.every(isBroken) ? BROKEN_OFF : last.failure && { ...last.failure, code: null },
      latencyMs: last.firstByteMs,
      certificateExpiresAt: last.certificateExpiresAt,
      details: {
        status: last.status,
        statuses: answers.map(({ status }) => status),
        retryAfter: last.headers['retry-after'] ?? null,
        certificateProblem: last.certificateProblem ?? null,
      },
      lines: linesOf(last),
    };
  },
});

const isRefusal = ({ status }: HttpAnswer): boolean => status !== null && (status >= 500 || status === 429);

/** Whoever reads it to its end gets an error, whatever its status says. */
const isBroken = ({ brokenOff }: HttpAnswer): boolean => brokenOff === true;
const BROKEN_OFF = {
  rung: 'answer',
  kind: 'protocol',
  message: 'its answer breaks off before its end',
  code: null,
} as const;

const linesOf = ({ status, reasonPhrase, headers, failure, body, brokenOff }: HttpAnswer): string[] => {
  if (failure) return [failure.message];
  const retryAfter = headers['retry-after'];
  const first = body.split('\n')[0]?.trim().slice(0, 200) ?? '';
  return [
    `HTTP/1.1 ${String(status)} ${reasonPhrase ?? ''}`.trim(),
    ...(retryAfter === undefined ? [] : [`retry-after: ${retryAfter}`]),
    ...(first === '' || (status ?? 0) < 400 ? [] : [first]),
    ...(brokenOff === true
      ? [`${BROKEN_OFF.message} (content-length: ${headers['content-length'] ?? 'none'})`]
      : []),
  ];
};
