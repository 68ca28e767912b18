import type { HttpAnswer } from '../probes/http-answer.js';
import { defineServiceCheck } from './define-check.js';
import { isServed, isUnanswered } from './evidence/answers.js';

/**
 * The frontend has as many sessions as its `maxconn` allows. What comes after waits in the kernel: the connection opens,
 * and nobody answers, whatever state the members are in.
 */
export const frontendFull = defineServiceCheck({
  id: 'frontend-full',
  cause: 'overload',
  title: 'The frontend takes no further session',
  refutedBy: 'a frontend with fewer sessions than its limit',
  scope: 'service',
  needs: ['balancerMembers', 'publicAnswer'],
  uses: ['appAnswer', 'healthAnswer'],

  evaluate({ balancerMembers, publicAnswer, appAnswer, healthAnswer }, { service }) {
    const seen = balancerMembers[0];
    const [frontend] = seen?.fact.fullFrontends ?? [];
    if (seen === undefined || frontend === undefined)
      return { status: 'passed', summary: 'no frontend of HAProxy is at its limit of sessions' };
    const { name, sessions, sessionLimit, line } = frontend;
    const inner = appAnswer.length > 0 ? appAnswer : healthAnswer;
    const serving = inner.filter(({ fact }) => isServed(fact) && isPrompt(fact));
    const mostServe = serving.length > service.hosts.length / 2;
    return {
      status: 'failed',
      // Sessions pile up before an app that is slow, too; and which frontend leads to this pool is not read.
      confidence:
        mostServe && publicAnswer.some(({ fact }) => isUnanswered(fact.answers)) ? 'likely' : 'possible',
      summary: `frontend ${name} of HAProxy has ${String(sessions)} of ${String(sessionLimit)} sessions (\`maxconn\`): it accepts no further one`,
      evidence: [{ from: seen, excerpt: line }],
    };
  },
});

/** An app that is asked directly, beside a frontend that holds everybody up. Ours. */
const PROMPT_MS = 2000;
const isPrompt = ({ firstByteMs }: HttpAnswer): boolean => firstByteMs < PROMPT_MS;
