import { balancerMembers } from '../probes/balancer-members.js';
import { defineRemediation } from './define-remediation.js';
import { memberOf, membersFingerprint, poolOf, setMember, waitMember } from './members.js';

/** Puts back what was taken out and forgotten. */
export const restoreHost = defineRemediation({
  id: 'restore-host',
  title: 'Restore the host',
  purpose: 'Puts hosts back into the pool that somebody drained and did not restore.',
  reads: { balancerMembers },

  draft(world) {
    const pool = poolOf(world);
    if (pool === null)
      return { fits: false, because: "the balancer's members could not be read at its socket" };
    const own = world.service.hosts.flatMap((host) => memberOf(pool.members, host) ?? []);
    const drained = own.filter(({ status }) => status.startsWith('DRAIN'));
    if (drained.length === 0) return { fits: false, because: 'no member is drained' };
    const names = drained.map(({ name }) => name);
    return {
      fits: true,
      plan: {
        label: `Restore ${names.join(', ')}`.slice(0, 75),
        target: { kind: 'balancer', name: pool.pool },
        steps: names.flatMap((name) => [setMember(pool, name, 'ready'), waitMember(pool, name, 'up')]),
        effect: `Puts ${names.join(', ')} back into pool ${pool.pool}, one after the other.`,
        blastRadius:
          'Each gets requests again as soon as its health check is good. Whoever drained it may have had a reason.',
        undo: names.map((name) => `set server ${pool.pool}/${name} state drain`).join('; '),
      },
    };
  },

  fingerprint: membersFingerprint,
});
