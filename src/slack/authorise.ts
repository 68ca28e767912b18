import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { PersonKind } from '../model/may-remediate.js';
import { within } from './within.js';

/** Who sent a request, as its payload says it. */
export type Sender = { readonly user: string; readonly teams: readonly string[] };
export type Permission = { allowed: true } | { allowed: false; reason: string };
export type Authorise = (sender: Sender) => Promise<Permission>;

type Options = { client: WebClient; homeTeam: () => string; now?: () => number };

/** A person who left the workspace a minute ago may still ask what a service does; not longer. */
const CACHE_MS = 60_000;
const MAX_CACHED = 1_000;
/** Slack waits three seconds in all. */
const LOOKUP_MS = 1_500;

const FOREIGN = 'only members of its own workspace may use it.';
const STARTING = 'it is just starting. Try again in a few seconds.';
const UNREADABLE = 'Slack did not say who you are. Nothing was started; try again in a minute.';

/** Unknown keys stay out; a missing flag is not a reason to trust. */
const Profile = z.object({
  team_id: z.string(),
  deleted: z.boolean(),
  is_bot: z.boolean().default(false),
  is_stranger: z.boolean().default(false),
  is_restricted: z.boolean().default(false),
  is_ultra_restricted: z.boolean().default(false),
  enterprise_user: z.object({ teams: z.array(z.string()).default([]) }).optional(),
});
type Profile = z.infer<typeof Profile>;

/** Only people of the home workspace. What cannot be found out is refused. */
export function createAuthorise({ client, homeTeam, now = Date.now }: Options): Authorise {
  const cache = new Map<string, { until: number; permission: Promise<Permission> }>();

  return ({ user, teams }) => {
    const home = homeTeam();
    if (home === '') return Promise.resolve(refused(STARTING));
    if (teams.length === 0 || teams.some((team) => team !== home)) {
      return Promise.resolve(refused(FOREIGN));
    }
    const cached = cache.get(user);
    if (cached && cached.until > now()) return cached.permission;

    const permission = lookUp(client, user, home).catch(() => {
      cache.delete(user);
      return refused(UNREADABLE);
    });
    cache.delete(user);
    cache.set(user, { until: now() + CACHE_MS, permission });
    for (const oldest of cache.keys()) {
      if (cache.size <= MAX_CACHED) break;
      cache.delete(oldest);
    }
    return permission;
  };
}

async function lookUp(client: WebClient, user: string, home: string): Promise<Permission> {
  const { user: profile } = await within(LOOKUP_MS, client.users.info({ user }));
  return judge(Profile.parse(profile), home);
}

/** Throws where the profile is not one. */
export const kindOfPerson = (profile: unknown, home: string): PersonKind =>
  kindOf(Profile.parse(profile), home);

function kindOf(profile: Profile, home: string): PersonKind {
  const isHome = profile.team_id === home || profile.enterprise_user?.teams.includes(home) === true;
  if (!isHome || profile.is_stranger) return 'foreign';
  if (profile.is_ultra_restricted) return 'single-channel-guest';
  if (profile.is_restricted) return 'guest';
  if (profile.is_bot) return 'bot';
  return profile.deleted ? 'deactivated' : 'member';
}

const REFUSALS: Readonly<Record<PersonKind, string | null>> = {
  member: null,
  foreign: FOREIGN,
  guest: 'guests of the workspace may not use it.',
  'single-channel-guest': 'guests of the workspace may not use it.',
  bot: 'bots may not use it.',
  deactivated: 'this account is deactivated.',
  unknown: UNREADABLE,
};

function judge(profile: Profile, home: string): Permission {
  const refusal = REFUSALS[kindOf(profile, home)];
  return refusal === null ? { allowed: true } : refused(refusal);
}

const refused = (reason: string): Permission => ({ allowed: false, reason });

const UserId = z.string().regex(/^[UW][A-Z0-9]{2,30}$/);
const Team = z.object({ id: z.string() });

/** Slash commands say `user_id` and `team_id`, buttons `user` and `team`. Every team that is named has to be ours. */
const Payload = z.union([
  z
    .object({ user_id: UserId, team_id: z.string() })
    .transform(({ user_id: user, team_id: team }): Sender => ({ user, teams: [team] })),
  z
    .object({ user: z.object({ id: UserId, team_id: z.string().optional() }), team: Team.nullish() })
    .transform(({ user, team }): Sender => ({
      user: user.id,
      teams: [user.team_id, team?.id].filter((id) => id !== undefined),
    })),
]);

/** Null: there is no person behind it. */
export const senderOf = (body: unknown): Sender | null => Payload.safeParse(body).data ?? null;
