import { changesBetween } from '../model/plan.js';
import { release } from '../probes/release.js';
import { unitState } from '../probes/unit-state.js';
import { defineRemediation } from './define-remediation.js';
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

/** Starts what somebody or something stopped. */
export const startService = defineRemediation({
  id: 'start-service',
  title: 'Start the service',
  purpose: 'Starts a unit that does not run, one host after the other; forgets its earlier failures first.',
  reads: { unitState, release },

  draft(world) {
    const unit = unitOf(world.service);
    const hosts = stopped(world);
    if (hosts.length === 0)
      return { fits: false, because: `${unit} is not stopped on any host that was read` };
    const barred = hosts.find(({ state }) => state.loadState !== 'loaded');
    if (barred !== undefined)
      return {
        fits: false,
        because: `${unit} is ${barred.state.loadState} on ${barred.host}: somebody has to decide that`,
      };
    const unread = unreadOn(
      world,
      hosts.map(({ host }) => host),
    );
    if (unread !== null) return { fits: false, because: unread };
    const names = hosts.map(({ host }) => host).join(', ');
    return {
      fits: true,
      plan: {
        label: `Start ${unit.replace(/\.service$/, '')} on ${names}`.slice(0, 75),
        target: { kind: 'service', name: world.service.name },
        steps: hosts.flatMap(({ host, state }) => {
          const expect = { ActiveState: state.activeState };
          return [
            ...(state.activeState === 'failed'
              ? [unitCommand(host, systemctl('reset-failed', unit), unit, expect)]
              : []),
            unitCommand(host, systemctl('--no-block', 'start', unit), unit, afterReset(state.activeState)),
            waitHealthy(host, unit, state.invocationId),
          ];
        }),
        effect: `Starts ${unit} on ${names}, one after the other, and waits until each answers its health check.`,
        blastRadius: `Nothing that runs is touched. Stops at the first host that does not come up.`,
        undo: `systemctl stop ${unit}`,
      },
    };
  },

  fingerprint: (world) =>
    unitFingerprint(
      world,
      stopped(world).map(({ host }) => host),
    ),
  moved(plan, world) {
    const hosts = [...new Set(plan.steps.flatMap((step) => ('host' in step ? [step.host] : [])))];
    const running = hosts.filter((host) => !isStopped(unitStateOn(world, host)?.activeState));
    if (running.length > 0) return `${unitOf(world.service)} is no longer stopped on ${running.join(', ')}`;
    return changesBetween(plan.fingerprint, unitFingerprint(world, hosts))[0] ?? null;
  },
});

const isStopped = (activeState: string | undefined): boolean =>
  activeState === 'inactive' || activeState === 'failed';

/** `reset-failed` makes a failed unit inactive. */
const afterReset = (activeState: string): Record<string, string> => ({
  ActiveState: activeState === 'failed' ? 'inactive' : activeState,
});

const stopped = (world: World) =>
  hostsFor(world, 'start-service').flatMap((host) => {
    const state = unitStateOn(world, host);
    return state !== null && isStopped(state.activeState) ? [{ host, state }] : [];
  });
