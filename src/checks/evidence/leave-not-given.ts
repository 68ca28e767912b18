import type { Service } from '../../model/service.js';
import type { ProxyLog } from '../../probes/proxy-log.js';
import type { Observed, Outcome } from '../define-check.js';
import { goesOn, isOfService, quoteProxyLines, recentProxyLines } from './proxy-lines.js';

/**
 * `auth_request`: before each request nginx asks somebody for leave, as a rule a single sign-on, and that one fails. Its
 * 503 is told to the users as 500, or as what `error_page` makes of it.
 */
export function leaveNotGiven(logs: readonly Observed<ProxyLog>[], service: Service): Outcome | null {
  const hits = recentProxyLines(logs, ['leave-not-given']).filter((hit) => isOfService(hit, service));
  const [first] = hits;
  if (first === undefined || !goesOn(hits)) return null;
  const status = /unexpected status: (\d+)/.exec(first.line)?.[1] ?? 'no good answer';
  return {
    status: 'failed',
    confidence: 'likely',
    summary: `nginx asks another service for leave before each request (\`auth_request\`), and gets ${status} there; nobody declared that service, so it was not asked`,
    evidence: quoteProxyLines(hits),
    since: first.at,
  };
}
