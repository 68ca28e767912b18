import type { Confidence } from '../model/cause.js';
import { countOf } from '../model/words.js';
import { defineServiceCheck } from './define-check.js';
import { isBad, quoteAnswer } from './evidence/answers.js';
import {
  balancerHits,
  oursMetAnother,
  pathOf,
  quoteBalancerLines,
  type BalancerHit,
} from './evidence/balancer-lines.js';

/** A handful may be one client's; more is what users feel. */
const MANY = 5;

/** A rule of the balancer refuses: a limit, a block, maintenance. Its page is the same as with no server left. */
export const requestDenied = defineServiceCheck({
  id: 'request-denied',
  cause: 'deliberate',
  title: 'A rule of the balancer refuses requests',
  refutedBy: 'no request refused by a rule in the log of HAProxy',
  scope: 'service',
  needs: ['balancerLog'],
  uses: ['publicAnswer'],

  evaluate({ balancerLog, publicAnswer }, { service: { balancer } }) {
    const pool = balancer?.pool ?? '';
    const seen = publicAnswer[0];
    const bad = seen?.fact.answers.find(isBad);
    const hits = balancerHits(balancerLog, pool, publicAnswer);
    const refused = hits.filter(
      ({ word, backend, request }) =>
        (word === 'denied' || word === 'answered-by-rule') &&
        (backend === pool || (bad !== undefined && pathOf(request) === pathOf(bad.request))),
    );
    const [first] = refused;
    if (first === undefined)
      return { status: 'passed', summary: '0 requests refused by a rule of HAProxy in the last 2 minutes' };
    const isOurs = refused.some((hit) => hit.isOurs);
    const rule = first.word === 'denied' ? 'http-request deny' : 'http-request return';
    const section =
      first.backend === first.frontend ? `frontend ${first.frontend}` : `backend ${first.backend}`;
    return {
      status: 'failed',
      confidence: isOurs ? 'confirmed' : unseen(hits, refused),
      summary: `HAProxy refused ${countOf(refused.length, 'request')} of the last 2 minutes with ${String(first.status)} by a rule of ${section} (\`${rule}\`)`,
      evidence: [...quoteBalancerLines(refused), ...(seen && bad && isOurs ? [quoteAnswer(seen, bad)] : [])],
      since: first.at,
      remediations: ['reload-proxy'],
    };
  },
});

/** None of our own requests is among them. */
const unseen = (hits: readonly BalancerHit[], refused: readonly BalancerHit[]): Confidence =>
  refused.length >= MANY && !oursMetAnother(hits, refused) ? 'likely' : 'possible';
