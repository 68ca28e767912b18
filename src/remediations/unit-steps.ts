import type { PlanStep, StepOf } from '../model/plan.js';
import { unitFileName } from '../probes/shell/find-unit.js';
import { unitState, type UnitState } from '../probes/unit-state.js';
import { release } from '../probes/release.js';
import type { Service } from '../model/service.js';
import { factOf, type World } from './world.js';

/** As the sudoers lines of `diag503 grant` name it: exactly these words and no others. */
export const systemctl = (...words: string[]): string[] => [
  '/usr/bin/systemctl',
  '--no-pager',
  '--no-ask-password',
  ...words,
];

export const unitOf = ({ unit = '' }: Pick<Service, 'unit'>): string => unitFileName(unit);

export const unitStateOn = (world: World, host: string): UnitState | null => factOf(world, unitState, host);

/** How long a start may take until it counts as failed. */
const HEALTHY_SECONDS = 90;

/** The service answers on its host, in another invocation of its unit than before. */
export const waitHealthy = (host: string, unit: string, notInvocation: string): PlanStep => ({
  kind: 'wait',
  until: 'healthy',
  host,
  unit,
  notInvocation,
  pool: null,
  member: null,
  seconds: HEALTHY_SECONDS,
});

export const unitCommand = (
  host: string,
  argv: string[],
  unit: string,
  properties: Record<string, string>,
): StepOf<'command'> => ({ kind: 'command', host, argv, asRoot: true, expect: { unit, properties } });

/** Of what a plan rests on everything must have been read: what is not known cannot be seen to change. */
export function unreadOn(world: World, hosts: readonly string[]): string | null {
  const unit = unitOf(world.service);
  const noState = hosts.find((host) => unitStateOn(world, host) === null);
  if (noState !== undefined) return `the state of ${unit} on ${noState} could not be read`;
  if (world.service.release === undefined) return null;
  const noRelease = hosts.find((host) => factOf(world, release, host) === null);
  return noRelease === undefined ? null : `the release on ${noRelease} could not be read`;
}

/** What these hosts run: who restarts or deploys by hand after the verdict changes it. */
export function unitFingerprint(world: World, hosts: readonly string[]): Record<string, string> {
  const unit = unitOf(world.service);
  const entries = hosts.flatMap((host) => {
    const state = unitStateOn(world, host);
    return state === null
      ? []
      : [[`${unit} on ${host}`, `${state.activeState} ${state.invocationId}`.trim()]];
  });
  return { ...(Object.fromEntries(entries) as Record<string, string>), ...releaseFingerprint(world, hosts) };
}

/** A bad release crashes again and again: every moment the unit is in another run of it, and the release is the same. */
export function releaseFingerprint(world: World, hosts: readonly string[]): Record<string, string> {
  const entries = hosts.flatMap((host) => {
    const running = factOf(world, release, host);
    return running === null ? [] : [[`the release on ${host}`, running.id]];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}
