import { RESTORE_AFTER_MINUTES } from '../model/remediation.js';
import { balancerMembers } from '../probes/balancer-members.js';
import { defineRemediation } from './define-remediation.js';
import {
  isUp,
  memberOf,
  membersFingerprint,
  poolOf,
  setMember,
  tooFewWithout,
  waitMember,
} from './members.js';
import { hostsFor } from './world.js';

/** Takes a sick host out of the pool, so that users no longer meet it. */
export const drainHost = defineRemediation({
  id: 'drain-host',
  title: 'Drain the host',
  purpose: 'Takes one sick host out of the pool; what it is answering it may finish.',
  reads: { balancerMembers },

  draft(world) {
    const pool = poolOf(world);
    if (pool === null)
      return { fits: false, because: "the balancer's members could not be read at its socket" };
    const [host, ...others] = hostsFor(world, 'drain-host');
    if (host === undefined || others.length > 0)
      return { fits: false, because: 'it is not one host that is sick: draining them all would leave none' };
    const member = memberOf(pool.members, host);
    if (member === null) return { fits: false, because: `which member ${host} is could not be told` };
    if (!isUp(member)) return { fits: false, because: `${member.name} is ${member.status} already` };
    const tooFew = tooFewWithout(pool.members, member);
    if (tooFew !== null) return { fits: false, because: tooFew };
    return {
      fits: true,
      plan: {
        label: `Drain ${member.name}`.slice(0, 75),
        target: { kind: 'host', name: host },
        steps: [setMember(pool, member.name, 'drain'), waitMember(pool, member.name, 'drained')],
        effect: `Takes ${member.name} out of pool ${pool.pool}: it gets no new requests. It goes back by itself after ${RESTORE_AFTER_MINUTES} min unless somebody keeps it out.`,
        blastRadius: `The other ${pool.members.length - 1} members carry its share. What it is answering it may finish.`,
        undo: `set server ${pool.pool}/${member.name} state ready`,
      },
    };
  },

  fingerprint: membersFingerprint,
});
