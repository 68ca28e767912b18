import { defineServiceCheck } from './define-check.js';
import { isSilent } from './evidence/answers.js';

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

  evaluate({ balancerMembers, publicAnswer }) {
    const seen = balancerMembers[0];
    const [frontend] = seen?.fact.fullFrontends ?? [];
    if (seen === undefined || frontend === undefined)
      return { status: 'passed', summary: 'no frontend of HAProxy is at its limit of sessions' };
    const { name, sessions, sessionLimit, line } = frontend;
    const isUnanswered = publicAnswer.some(({ fact }) => fact.answers.every(isSilent));
    return {
      status: 'failed',
      // Which frontend leads to this pool is not read: that ours gets no answer at all fits, and does not prove it.
      confidence: isUnanswered ? 'likely' : 'possible',
      summary: `frontend ${name} of HAProxy has ${String(sessions)} of ${String(sessionLimit)} sessions (\`maxconn\`): it accepts no further one`,
      evidence: [{ from: seen, excerpt: line }],
    };
  },
});
