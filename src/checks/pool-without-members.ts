import { countOf } from '../model/words.js';
import { defineServiceCheck } from './define-check.js';

/** HAProxy counts an empty backend as UP and answers 503 for it: service discovery, or a wrong pool. */
export const poolWithoutMembers = defineServiceCheck({
  id: 'pool-without-members',
  cause: 'routing',
  title: 'Pool has no members',
  refutedBy: 'a member in the pool',
  scope: 'service',
  needs: ['balancerMembers'],

  evaluate({ balancerMembers }) {
    const seen = balancerMembers[0];
    if (!seen) return { status: 'skipped', reason: 'the balancer was not read' };
    const { pool, members } = seen.fact;
    if (members.length > 0) return { status: 'passed', summary: countOf(members.length, 'member') };
    return {
      status: 'failed',
      confidence: 'confirmed',
      summary: `0 members in the pool, which HAProxy still calls ${pool.status}`,
      evidence: [{ from: seen, excerpt: pool.line }],
      remediations: ['reload-proxy'],
    };
  },
});
