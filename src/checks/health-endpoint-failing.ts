import { defineHostCheck } from './define-check.js';
import { on } from './evidence/on-host.js';
import type { HttpAnswer } from '../probes/http-answer.js';
import { describe, isBad, isServed, quoteAnswer } from './evidence/answers.js';

/** The health endpoint answers 5xx or not at all. Whether it is right to do so, the real request beside it tells. */
export const healthEndpointFailing = defineHostCheck({
  id: 'health-endpoint-failing',
  cause: 'health-check',
  title: 'Health endpoint fails',
  refutedBy: 'a health check that answers below 500',
  needs: ['healthAnswer'],
  uses: ['appAnswer'],

  evaluate({ healthAnswer, appAnswer }, { service, host }) {
    const health = healthAnswer.fact;
    if (!isBad(health)) return { status: 'passed', summary: `health check answers ${describe(health)}` };

    const real = appAnswer?.fact;
    const word =
      real === undefined
        ? ''
        : isServed(real)
          ? `, though real requests get ${describe(real)}`
          : isSame(real, health)
            ? '; real requests fail too'
            : `; real requests fail too (${describe(real)})`;
    return {
      status: 'failed',
      confidence: real === undefined ? 'likely' : 'confirmed',
      summary: `health check${on(host, service)}: ${describe(health)}${word}`,
      evidence: [
        quoteAnswer(healthAnswer, health),
        ...(appAnswer ? [quoteAnswer(appAnswer, appAnswer.fact)] : []),
      ],
      remediations: ['restart-service'],
    };
  },
});

const isSame = (a: HttpAnswer, b: HttpAnswer): boolean =>
  a.status === b.status && a.failure?.message === b.failure?.message;
