import { countOf } from '../model/words.js';
import { defineServiceCheck } from './define-check.js';
import { isBad, quoteAnswer } from './evidence/answers.js';
import { balancerHits, oursMetAnother, pathOf, quoteBalancerLines } from './evidence/balancer-lines.js';

/** No `use_backend` matches and there is no `default_backend`: HAProxy answers 503 before any pool is asked. */
export const noRouteMatched = defineServiceCheck({
  id: 'no-route-matched',
  cause: 'routing',
  title: 'No rule leads the request to a pool',
  refutedBy: 'every request led to a pool in the log of HAProxy',
  scope: 'service',
  needs: ['balancerLog', 'publicAnswer'],

  evaluate({ balancerLog, publicAnswer }, { service: { balancer } }) {
    const seen = publicAnswer[0];
    const bad = seen?.fact.answers.find(isBad);
    if (!seen || !bad) return { status: 'passed', summary: 'public requests are served' };
    // Requests for anything may arrive here: only those for the service's own path count.
    const hits = balancerHits(balancerLog, balancer?.pool ?? '', publicAnswer);
    const lost = hits.filter(
      ({ word, request }) => word === 'no-route' && pathOf(request) === pathOf(bad.request),
    );
    const [first] = lost;
    if (first === undefined)
      return { status: 'passed', summary: '0 requests without a rule in the last 2 minutes' };
    return {
      status: 'failed',
      confidence: lost.some(({ isOurs }) => isOurs)
        ? 'confirmed'
        : bad.status === 503 && !oursMetAnother(hits, lost)
          ? 'likely'
          : 'possible',
      summary: `${countOf(lost.length, 'request')} of the last 2 minutes for ${pathOf(bad.request)} matched no rule of HAProxy's frontend ${first.frontend}: no pool was asked`,
      evidence: [...quoteBalancerLines(lost), quoteAnswer(seen, bad)],
      since: first.at,
      remediations: ['reload-proxy'],
    };
  },
});
