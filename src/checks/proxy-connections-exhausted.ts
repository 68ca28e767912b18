import { countOf } from '../model/words.js';
import { defineHostCheck } from './define-check.js';
import { on } from './evidence/on-host.js';
import { goesOn, quoteProxyLines, recentProxyLines, type ProxyHit } from './evidence/proxy-lines.js';

/** One line may be a peak; more are requests that users lose. Ours. */
const MANY = 5;

/** nginx itself runs out, whatever state the app behind it is in: of `worker_connections`, or of open files. */
export const proxyConnectionsExhausted = defineHostCheck({
  id: 'proxy-connections-exhausted',
  cause: 'overload',
  title: 'Connections of the proxy are used up',
  refutedBy: 'no line of nginx about connections or files that it lacks',
  needs: ['proxyLog'],

  evaluate({ proxyLog }, { service, host }) {
    const hits = recentProxyLines([proxyLog], ['worker-connections', 'open-files']);
    const [first] = hits;
    if (first === undefined)
      return { status: 'passed', summary: 'nginx lacked no connection in the last 2 minutes' };
    return {
      status: 'failed',
      confidence: goesOn(hits) ? (hits.length >= MANY ? 'confirmed' : 'likely') : 'possible',
      summary: `nginx${on(host, service)} had no ${lackOf(first)} for ${countOf(hits.length, 'request')} of the last 2 minutes`,
      evidence: quoteProxyLines(hits),
      since: first.at,
      remediations: ['reload-proxy'],
    };
  },
});

const lackOf = ({ kind }: ProxyHit): string =>
  kind === 'open-files'
    ? 'open file left (`worker_rlimit_nofile`)'
    : 'connection left (`worker_connections`)';
