import { countOf } from '../../model/words.js';
import type { BalancerMembers } from '../../probes/balancer-members.js';
import type { Observed, Quote } from '../define-check.js';
import { before } from './time.js';

export type Member = BalancerMembers['members'][number];

/** `DOWN`, `DOWN 1/2` (coming back), `NOLB` is neither. */
export const isDown = ({ status }: Member): boolean => status.startsWith('DOWN');
/** `MAINT (resolution)`, `DOWN (resolution)`: nobody set it aside, its name has no address. */
export const isUnresolved = ({ status }: Member): boolean => status.endsWith('(resolution)');
/** By its state. `MAINT (via …)` follows another member. */
export const isDrained = (member: Member): boolean =>
  /^(MAINT|DRAIN)/.test(member.status) && !isUnresolved(member);
const serves = ({ status }: Member): boolean => /^(UP|no check)/.test(status);
/** Up, and of no weight: no request is given to it, whatever its state says. */
const isWeightless = (member: Member): boolean => serves(member) && member.weight === 0;
/** Set aside by somebody or something, not by a check. */
export const isSetAside = (member: Member): boolean => isDrained(member) || isWeightless(member);
/** Takes requests: up, going down but not yet, or never checked. */
export const isUsable = (member: Member): boolean => serves(member) && !isWeightless(member);
/** "MAINT", "DRAIN", or what keeps one that is up from requests. */
export const asideWord = (member: Member): string =>
  isWeightless(member) ? 'weight 0' : (member.status.split(' ')[0] ?? member.status);

/** HAProxy's own check gets 404; while the next one runs no code is told. */
export const isUnknownThere = (member: Member): boolean =>
  isDown(member) && member.checkStatus === 'L7STS' && (member.checkCode ?? 404) === 404;

/** The check of each that is down had its answer, and refused it: it did not wait in vain. */
export const wereRefused = (members: readonly Member[]): boolean => {
  const down = members.filter(isDown);
  const isRefused = ({ checkStatus, checkCode }: Member): boolean =>
    checkStatus === 'L7STS' && (checkCode ?? 400) < 500;
  return down.length > 0 && down.every(isRefused);
};

/** Those that are down took the connection of their check, and gave no answer in time. */
export const areWaitedFor = (members: readonly Member[]): boolean => {
  const down = members.filter(isDown);
  return down.length > 0 && down.every(({ checkStatus }) => checkStatus === 'L7TOUT');
};

/** Onset: when the balancer last changed its mind, the earliest of several. */
export const changedAt = (members: readonly Member[], readAt: string): string | undefined => {
  const ages = members.flatMap(({ lastChangeSeconds }) =>
    lastChangeSeconds === null ? [] : [lastChangeSeconds],
  );
  return ages.length === 0 ? undefined : before(readAt, Math.max(...ages));
};

export const quoteMembers = (from: Observed<unknown>, members: readonly Member[]): Quote => ({
  from,
  excerpt: members
    .slice(0, 6)
    .map(({ line }) => line)
    .join('\n'),
});

/** "2 of 3 members". */
export const shareOf = (some: readonly Member[], all: readonly Member[]): string =>
  `${some.length} of ${countOf(all.length, 'member')}`;

/** Which of the service's hosts a member is, where name or address tell it. */
export const hostOf = (
  { name, address }: Pick<Member, 'name' | 'address'>,
  hosts: readonly string[],
): string | null => {
  const bareName = (host: string) => host.replace(/^.*@/, '').replace(/:\d+$/, '');
  const ip = address?.replace(/:\d+$/, '') ?? '';
  const found = hosts.find((host) => host === name || bareName(host) === name || bareName(host) === ip);
  return found ?? (hosts.length === 1 ? (hosts[0] ?? null) : null);
};
