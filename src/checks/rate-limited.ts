import { countOf } from '../model/words.js';
import { defineServiceCheck } from './define-check.js';
import { isNginxOwn, quoteAnswer } from './evidence/answers.js';
import { clientWords, limitConfidence, quoteProxyLines, recentProxyLines } from './evidence/proxy-lines.js';

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
    const refusal = seen?.fact.answers.find(
      (answer) => answer.status === 429 || (answer.status === 503 && isNginxOwn(answer)),
    );
    return {
      status: 'failed',
      confidence: limitConfidence(hits, refusal !== undefined),
      summary: `nginx refused ${countOf(hits.length, 'request')} by the rate limit of zone ${first.zone ?? 'unknown'} in the last 2 minutes${clientWords(hits)}`,
      evidence: [...quoteProxyLines(hits), ...(seen && refusal ? [quoteAnswer(seen, refusal)] : [])],
      since: first.at,
      remediations: ['reload-proxy'],
    };
  },
});
