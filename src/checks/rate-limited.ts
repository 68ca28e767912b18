import { countOf } from '../model/words.js';
import { defineServiceCheck } from './define-check.js';
import type { HttpAnswer } from '../probes/http-answer.js';
import { isNginxOwn, quoteAnswer } from './evidence/answers.js';
import {
  areOf,
  clientWords,
  limitConfidence,
  quoteProxyLines,
  recentProxyLines,
} from './evidence/proxy-lines.js';

/** The proxy refuses what comes too fast (`limit_req`), on purpose and in no time. */
export const rateLimited = defineServiceCheck({
  id: 'rate-limited',
  cause: 'deliberate',
  title: 'Requests are rate-limited',
  refutedBy: 'no refusal in the last 2 min of the log of the proxy',
  scope: 'service',
  needs: ['proxyLog'],
  uses: ['publicAnswer'],

  evaluate({ proxyLog, publicAnswer }) {
    // `delaying` is not refusing; nginx writes it with the same beginning but another word.
    const hits = recentProxyLines(proxyLog, ['rate-limited']);
    const [first] = hits;
    if (first === undefined)
      return { status: 'passed', summary: '0 refusals by a rate limit in the last 2 minutes' };
    const seen = publicAnswer[0];
    const ours = seen?.fact.answers.filter(isLimit) ?? [];
    const [refusal] = ours;
    return {
      status: 'failed',
      confidence: limitConfidence(hits, ours.length > 0 && areOf(hits, ours)),
      summary: `nginx refused ${countOf(hits.length, 'request')} by the rate limit of zone ${first.zone ?? 'unknown'} in the last 2 minutes${clientWords(hits)}`,
      evidence: [...quoteProxyLines(hits), ...(seen && refusal ? [quoteAnswer(seen, refusal)] : [])],
      since: first.at,
      remediations: ['reload-proxy'],
    };
  },
});

const isLimit = (answer: HttpAnswer): boolean =>
  answer.status === 429 || (answer.status === 503 && isNginxOwn(answer));
