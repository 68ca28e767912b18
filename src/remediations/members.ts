import type { PlanStep } from '../model/plan.js';
import { HaproxyName } from '../model/plan.js';
import { type BalancerMembers, balancerMembers } from '../probes/balancer-members.js';
import { factOf, type World } from './world.js';

type Member = BalancerMembers['members'][number];

/** Below this share of the pool the others would not carry what the drained one carried. */
const LEAST_SHARE = 0.5;
const DRAIN_SECONDS = 60;
const UP_SECONDS = 60;

/** The pool as it was read; null without a socket to tell it anything. */
export function poolOf(world: World): { pool: string; host: string; members: readonly Member[] } | null {
  const { balancer } = world.service;
  if (balancer?.socket === undefined || balancer.host === undefined) return null;
  const fact = factOf(world, balancerMembers);
  if (fact === null || !HaproxyName.safeParse(balancer.pool).success) return null;
  return { pool: balancer.pool, host: balancer.host, members: fact.members };
}

export const isUp = ({ status }: Member): boolean => /^(UP|no check)/.test(status);

/** `user@host:port` without the rest. */
const bareHost = (host: string): string => host.replace(/^.*@/, '').replace(/:\d+$/, '');

/** The member that a host of the inventory is: by name, or by address. Null where that is not certain. */
export function memberOf(members: readonly Member[], host: string): Member | null {
  const bare = bareHost(host);
  const named = members.filter(({ name }) => name === host || name === bare);
  const found =
    named.length > 0
      ? named
      : members.filter(({ address }) => address !== null && bareHost(address) === bare);
  const [only] = found;
  return found.length === 1 && only !== undefined && HaproxyName.safeParse(only.name).success ? only : null;
}

/** Why this member must not be taken out; null when the others can carry it. */
export function tooFewWithout(members: readonly Member[], member: Member): string | null {
  const others = members.filter((each) => each.name !== member.name && isUp(each)).length;
  const least = Math.max(1, Math.ceil((members.length - 1) * LEAST_SHARE));
  return others >= least
    ? null
    : `only ${others} of ${members.length} members would remain up, and it takes ${least}`;
}

export const setMember = (
  at: { pool: string; host: string },
  member: string,
  state: 'drain' | 'ready',
): PlanStep => ({ kind: 'member', host: at.host, pool: at.pool, member, state });

export const waitMember = (
  at: { pool: string; host: string },
  member: string,
  until: 'drained' | 'up',
): PlanStep => ({
  ...{ kind: 'wait', until, host: at.host, unit: null, notInvocation: null, pool: at.pool, member },
  seconds: until === 'up' ? UP_SECONDS : DRAIN_SECONDS,
});

/** Set aside by somebody: another look must find the same members in the same place. */
export const membersFingerprint = (world: World): Record<string, string> => {
  const pool = poolOf(world);
  if (pool === null) return {};
  const entries = pool.members.map((member) => [`member ${member.name}`, placeOf(member)] as const);
  return Object.fromEntries(entries);
};

const placeOf = (member: Member): string =>
  isUp(member) ? 'up' : (member.status.split(' ')[0] ?? '').toLowerCase();
