import { countOf } from '../model/words.js';
import { defineServiceCheck } from './define-check.js';
import { isUnresolved, isUsable, quoteMembers, shareOf } from './evidence/members.js';

/** HAProxy counts an empty backend as UP and answers 503 for it: service discovery, a wrong pool, or names without an address. */
export const poolWithoutMembers = defineServiceCheck({
  id: 'pool-without-members',
  cause: 'routing',
  title: 'Pool has no members',
  refutedBy: 'a member in the pool that has an address',
  scope: 'service',
  needs: ['balancerMembers'],

  evaluate({ balancerMembers }) {
    const seen = balancerMembers[0];
    if (!seen) return { status: 'skipped', reason: 'the balancer was not read' };
    const { pool, members } = seen.fact;
    const lost = members.filter(isUnresolved);
    if (lost.length > 0) {
      const left = members.filter(isUsable).length;
      return {
        status: 'failed',
        confidence: left > 0 ? 'possible' : lost.length === members.length ? 'confirmed' : 'likely',
        summary: `HAProxy has no address for ${shareOf(lost, members)}: their names are not in the DNS that it asks`,
        evidence: [quoteMembers(seen, lost)],
        remediations: [],
      };
    }
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
