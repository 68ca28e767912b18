import { durationWords } from '../model/words.js';
import { defineHostCheck } from './define-check.js';
import { on } from './evidence/on-host.js';
import { isBad, isServed, quoteAnswer } from './evidence/answers.js';

/** HAProxy's default `inter`, which is also its check's time limit where `timeout check` is not set. */
const CHECK_LIMIT_MS = 2000;
/** Kubernetes' default timeoutSeconds. Below that no common check gives up. */
const TIGHT_LIMIT_MS = 1000;

/** The health endpoint answers, but later than those who ask it wait. */
export const healthEndpointSlow = defineHostCheck({
  id: 'health-endpoint-slow',
  cause: 'health-check',
  title: 'Health endpoint is slow',
  refutedBy: 'a health check that answers within 1 s',
  needs: ['healthAnswer'],
  uses: ['appAnswer'],

  evaluate({ healthAnswer, appAnswer }, { service, host }) {
    const { firstByteMs } = healthAnswer.fact;
    if (isBad(healthAnswer.fact)) return { status: 'skipped', reason: 'it fails; its time says nothing' };
    const took = durationWords(firstByteMs);
    if (firstByteMs < TIGHT_LIMIT_MS) return { status: 'passed', summary: `health check answers in ${took}` };

    const real = appAnswer?.fact;
    const realIsFast = real !== undefined && isServed(real) && real.firstByteMs < TIGHT_LIMIT_MS;
    const late = firstByteMs >= CHECK_LIMIT_MS;
    return {
      status: 'failed',
      confidence: late ? (realIsFast ? 'confirmed' : 'likely') : 'possible',
      summary: `health check${on(host, service)} takes ${took}${real ? `; a real request ${durationWords(real.firstByteMs)}` : ''}`,
      evidence: [quoteAnswer(healthAnswer, healthAnswer.fact)],
    };
  },
});
