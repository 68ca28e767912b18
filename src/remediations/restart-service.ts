import type { PlanStep } from '../model/plan.js';
import { balancerMembers } from '../probes/balancer-members.js';
import { release } from '../probes/release.js';
import { unitState } from '../probes/unit-state.js';
import { defineRemediation } from './define-remediation.js';
import { membersFingerprint } from './members.js';
import { outOfPool, restartRadius } from './restart-steps.js';
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
    const names = hosts.join(', ');
    return {
      fits: true,
      plan: {
        label: `Restart ${unit.replace(/\.service$/, '')} on ${names}`.slice(0, 75),
        target: { kind: 'service', name: world.service.name },
        steps: hosts.flatMap((host) => stepsOn(world, host, unit)),
        effect: `Restarts ${unit} on ${names}, one after the other, and waits until each answers its health check.`,
        blastRadius: restartRadius(world, hosts),
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
  return outOfPool(world, host, [
    unitCommand(host, systemctl('--no-block', 'restart', unit), unit, { InvocationID: invocation }),
    waitHealthy(host, unit, invocation),
  ]);
}
