import { defineHostCheck } from './define-check.js';
import { on } from './evidence/on-host.js';
import { describe, isServed, quoteAnswer } from './evidence/answers.js';

/** What an answer below 500 says about a check's path, Host or credentials. HAProxy takes a redirect for good, ELB does not. */
const WRONG: Readonly<Record<number, string>> = {
  301: 'it is moved: a trailing slash, or a redirect to https',
  302: 'it redirects: to a login, or to https',
  307: 'it redirects',
  308: 'it is moved',
  400: 'the app refuses the request: the Host header may not be allowed',
  401: 'it asks for a login',
  403: 'it is forbidden to who asks',
  404: 'there is nothing at this path',
  405: 'it does not take this method',
};

/** The health endpoint is asked in the wrong way: the app is there and says so. */
export const healthEndpointMisplaced = defineHostCheck({
  id: 'health-endpoint-misplaced',
  cause: 'health-check',
  title: 'Health endpoint is misplaced',
  refutedBy: 'a health check that answers 200',
  needs: ['healthAnswer'],
  uses: ['appAnswer'],

  evaluate({ healthAnswer, appAnswer }, { service, host }) {
    const { status } = healthAnswer.fact;
    if (status === null || status >= 500)
      return { status: 'skipped', reason: 'it fails; see health-endpoint-failing' };
    const meaning = WRONG[status];
    if (meaning === undefined) return { status: 'passed', summary: `health check answers ${String(status)}` };

    const real = appAnswer?.fact;
    const works = real !== undefined && isServed(real) && real.status !== status;
    const redirect = status < 400;
    return {
      status: 'failed',
      confidence: works && !redirect ? 'confirmed' : redirect ? 'possible' : 'likely',
      summary: `health check${on(host, service)} answers ${String(status)}: ${meaning}${works ? `; real requests get ${describe(real)}` : ''}`,
      evidence: [quoteAnswer(healthAnswer, healthAnswer.fact)],
    };
  },
});
