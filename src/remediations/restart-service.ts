import type { PlanStep } from '../model/plan.js';
import { balancerMembers } from '../probes/balancer-members.js';
import { release } from '../probes/release.js';
import { unitState } from '../probes/unit-state.js';
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
import {
  systemctl,
  unitCommand,
  unitFingerprint,
  unitOf,
  unitStateOn,
  unreadOn,
  waitHealthy,
} from './unit-steps.js';
import { hostsFor, type World } from './world.js';

/** Starts anew what hangs: one host at a time, and no further than the first that does not come back. */
export const restartService = defineRemediation({
  id: 'restart-service',
  title: 'Restart the service',
  purpose:
    'Restarts the unit where it is sick, one host after the other; each is drained first where that is possible.',
  reads: { unitState, release, balancerMembers },

  draft(world) {
    const unit = unitOf(world.service);
    const hosts = hostsFor(world, 'restart-service');
    const states = hosts.map((host) => ({ host, state: unitStateOn(world, host) }));
    const unread = unreadOn(world, hosts);
    if (unread !== null) return { fits: false, because: unread };
    const barred = states.find(({ state }) => state?.loadState !== 'loaded');
    if (barred !== undefined)
      return { fits: false, because: `${unit} is ${barred.state?.loadState ?? 'unknown'} on ${barred.host}` };
    const drained = hosts.filter((host) => drainable(world, host) !== null);
    const names = hosts.join(', ');
    return {
      fits: true,
      plan: {
        label: `Restart ${unit.replace(/\.service$/, '')} on ${names}`.slice(0, 75),
        target: { kind: 'service', name: world.service.name },
        steps: hosts.flatMap((host) => stepsOn(world, host, unit)),
        effect: `Restarts ${unit} on ${names}, one after the other, and waits until each answers its health check.`,
        blastRadius: blastRadius(hosts, drained),
        undo: null,
      },
    };
  },

  fingerprint: (world) => ({
    ...unitFingerprint(world, hostsFor(world, 'restart-service')),
    ...membersFingerprint(world),
  }),
});

function stepsOn(world: World, host: string, unit: string): PlanStep[] {
  const invocation = unitStateOn(world, host)?.invocationId ?? '';
  const restart = [
    unitCommand(host, systemctl('--no-block', 'restart', unit), unit, { InvocationID: invocation }),
    waitHealthy(host, unit, invocation),
  ];
  const at = drainable(world, host);
  if (at === null) return restart;
  return [
    setMember(at, at.member, 'drain'),
    waitMember(at, at.member, 'drained'),
    ...restart,
    setMember(at, at.member, 'ready'),
    waitMember(at, at.member, 'up'),
  ];
}

/** Only a member that serves has something to drain, and only where the others can carry it. */
function drainable(world: World, host: string): { pool: string; host: string; member: string } | null {
  const pool = poolOf(world);
  const member = pool && memberOf(pool.members, host);
  if (!pool || !member || !isUp(member) || tooFewWithout(pool.members, member) !== null) return null;
  return { pool: pool.pool, host: pool.host, member: member.name };
}

function blastRadius(hosts: readonly string[], drained: readonly string[]): string {
  const cut = hosts.filter((host) => !drained.includes(host));
  const words = [
    ...(drained.length > 0
      ? [`${drained.join(', ')} is taken out of the pool first and put back afterwards.`]
      : []),
    ...(cut.length > 0 ? [`Requests that ${cut.join(', ')} is answering at that moment are cut off.`] : []),
    'Stops at the first host that does not come back.',
  ];
  return words.join(' ');
}
