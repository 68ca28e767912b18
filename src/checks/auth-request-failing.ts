import { defineServiceCheck } from './define-check.js';
import { isBad } from './evidence/answers.js';
import { goesOn, isOfService, quoteProxyLines, recentProxyLines } from './evidence/proxy-lines.js';

/**
 * `auth_request`: before each request nginx asks somebody for leave, as a rule a single sign-on, and that one fails. Its
 * 503 is told to the users as 500, or as what `error_page` makes of it, while the app itself would serve.
 */
export const authRequestFailing = defineServiceCheck({
  id: 'auth-request-failing',
  cause: 'dependency',
  title: 'Whom the proxy asks for leave (auth_request) fails',
  refutedBy: 'a proxy that is given leave for requests, or refused it',
  scope: 'service',
  needs: ['proxyLog'],
  uses: ['publicAnswer', 'memberAnswer'],

  evaluate({ proxyLog, publicAnswer, memberAnswer }, { service }) {
    const answers = [
      ...publicAnswer.flatMap(({ fact }) => fact.answers),
      ...memberAnswer.flatMap(({ fact }) => fact.members.map(({ answer }) => answer)),
    ];
    const hits = recentProxyLines(proxyLog, ['leave-not-given']).filter((hit) => isOfService(hit, service));
    const [first] = hits;
    if (first === undefined || !goesOn(hits) || !answers.some(isBad))
      return { status: 'passed', summary: 'nginx asks nobody for leave who fails' };
    const status = /unexpected status: (\d+)/.exec(first.line)?.[1] ?? 'no good answer';
    return {
      status: 'failed',
      // Whom it asks stands in its configuration, which is not read: it cannot be asked here.
      confidence: 'likely',
      summary: `nginx asks another service for leave before each request (\`auth_request\`), and gets ${status} from it`,
      evidence: quoteProxyLines(hits),
      since: first.at,
    };
  },
});
