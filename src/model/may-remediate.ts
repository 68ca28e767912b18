import { z } from 'zod';
import type { RemediationRule, Role } from './service.js';

/** Everybody who can press a button in Slack, and a few who should not be able to. */
export const PersonKind = z.enum([
  'member',
  'guest',
  'single-channel-guest',
  'foreign',
  'bot',
  'deactivated',
  /** Slack did not say. */
  'unknown',
]);
export type PersonKind = z.infer<typeof PersonKind>;

export type Person = {
  readonly user: string;
  readonly kind: PersonKind;
  /** User groups that the person is in; null where Slack did not say. */
  readonly groups: readonly string[] | null;
};

export const PlaceKind = z.enum(['public', 'private', 'direct', 'shared', 'unknown']);
export type PlaceKind = z.infer<typeof PlaceKind>;

/** `approve`: to agree to what somebody else has asked for. */
export type Act = 'request' | 'approve' | 'break-glass';

export type Right =
  | { allowed: true; role: string }
  /** `roles`: any of them would have been enough; empty where no role would. */
  | { allowed: false; reason: string; roles: readonly string[] };

type Question = {
  person: Person;
  place: PlaceKind;
  act: Act;
  /** Undefined: the inventory does not name this change for the service. */
  rule: RemediationRule | undefined;
  roles: ReadonlyMap<string, Role>;
};

/** The default is no. Each yes needs a member of the workspace, a place of our own, a rule and a role that it names. */
export function mayRemediate({ person, place, act, rule, roles }: Question): Right {
  const barred = PERSONS[person.kind] ?? PLACES[place];
  if (barred !== null) return refused(barred);
  if (rule === undefined) return refused('the inventory does not allow this change for this service.');
  if (act === 'break-glass' && !rule.breakGlass)
    return refused('the inventory does not allow this change without approvals.');
  const named = act === 'approve' ? (rule.approve ?? rule.allow) : rule.allow;
  const role = named.find((each) => isIn(person, roles.get(each)));
  if (role !== undefined) return { allowed: true, role };
  return refused(person.groups === null ? NO_GROUPS : 'it takes a role that you do not have.', named);
}

const isIn = ({ user, groups }: Person, role: Role | undefined): boolean =>
  role !== undefined &&
  (role.users.includes(user) || role.groups.some((group) => groups?.includes(group) === true));

const refused = (reason: string, roles: readonly string[] = []): Right => ({ allowed: false, reason, roles });

const NO_GROUPS =
  'Slack did not say which user groups you are in, and what cannot be found out is refused. Try again in a minute.';

const PERSONS: Readonly<Record<PersonKind, string | null>> = {
  member: null,
  guest: 'guests of the workspace may change nothing.',
  'single-channel-guest': 'guests of the workspace may change nothing.',
  foreign: 'only members of its own workspace may change anything.',
  bot: 'bots may change nothing.',
  deactivated: 'this account is deactivated.',
  unknown: 'Slack did not say who you are, and what cannot be found out is refused. Try again in a minute.',
};

const PLACES: Readonly<Record<PlaceKind, string | null>> = {
  public: null,
  private: null,
  direct: 'changes are made where the others see them: in the thread of the incident.',
  shared: 'this channel is shared with another organisation.',
  unknown:
    'Slack did not say whether this channel is shared with another organisation. Try again in a minute.',
};
