import { defineServiceCheck } from './define-check.js';
import { isBad } from './evidence/answers.js';
import { goesOn, isOfService, quoteProxyLines, recentProxyLines } from './evidence/proxy-lines.js';

/**
 * `auth_request`: before each request nginx asks somebody for permission, as a rule a single sign-on, and that one fails. Its
 * 503 is told to the users as 500, or as what `error_page` makes of it, while the app itself would serve. Where the app does
 * not, it may be the app itself that is asked.
 */
export const authRequestFailing = defineServiceCheck({
  id: 'auth-request-failing',
  cause: 'dependency',
  title: 'Whoever the proxy asks for permission (auth_request) fails',
  refutedBy: 'a proxy that is given permission for requests, or refused it',
  scope: 'service',
  needs: ['proxyLog', 'appAnswer'],
  uses: ['publicAnswer', 'memberAnswer'],

  evaluate({ proxyLog, appAnswer, publicAnswer, memberAnswer }, { service }) {
    const answers = [
      ...publicAnswer.flatMap(({ fact }) => fact.answers),
      ...memberAnswer.flatMap(({ fact }) => fact.members.map(({ answer }) => answer)),
    ];
    const hits = recentProxyLines(proxyLog, ['leave-not-given']).filter((hit) => isOfService(hit, service));
    const [first, last] = [hits[0], hits.at(-1)];
    if (first === undefined || last === undefined || !goesOn(hits) || !answers.some(isBad))
      return { status: 'passed', summary: 'nginx asks nobody for permission who fails' };
    if (appAnswer.some(({ fact }) => isBad(fact)))
      return { status: 'passed', summary: 'the app itself fails, and nginx may ask the app' };
    const status = /unexpected status: (\d+)/.exec(last.line)?.[1] ?? 'no good answer';
    return {
      status: 'failed',
      // Whom it asks stands in its configuration, which is not read: it cannot be asked here.
      confidence: 'likely',
      summary: `whoever nginx asks for permission before each request (\`auth_request\`) answers ${status}`,
      evidence: quoteProxyLines(hits),
      since: first.at,
    };
  },
});
