import type { PlanStep } from '../model/plan.js';
import { isUp, memberOf, poolOf, setMember, tooFewWithout, waitMember } from './members.js';
import type { World } from './world.js';

/** Takes the host out of its pool, does this there, and puts it back; where it can not be taken out it is just done. */
export function outOfPool(world: World, host: string, steps: readonly PlanStep[]): PlanStep[] {
  const at = drainable(world, host);
  if (at === null) return [...steps];
  return [
    setMember(at, at.member, 'drain'),
    waitMember(at, at.member, 'drained'),
    ...steps,
    setMember(at, at.member, 'ready'),
    waitMember(at, at.member, 'up'),
  ];
}

/** What users notice while these hosts are restarted. */
export function restartRadius(world: World, hosts: readonly string[]): string {
  const drained = hosts.filter((host) => drainable(world, host) !== null);
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

/** Only a member that serves has something to drain, and only where the others can carry it. */
function drainable(world: World, host: string): { pool: string; host: string; member: string } | null {
  const pool = poolOf(world);
  const member = pool && memberOf(pool.members, host);
  if (!pool || !member || !isUp(member) || tooFewWithout(pool.members, member) !== null) return null;
  return { pool: pool.pool, host: pool.host, member: member.name };
}
