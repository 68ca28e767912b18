import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Person, PersonKind, PlaceKind } from '../model/may-remediate.js';
import { kindOfPerson } from './authorise.js';
import { within } from './within.js';

/** Asked anew at each press: a change is not made on what was true a minute ago. What cannot be read is `unknown`. */
export type ReadPerson = (user: string, groups: readonly string[]) => Promise<Person>;
export type ReadPlace = (channel: string) => Promise<PlaceKind>;

const LOOKUP_MS = 2_500;

export function createReadPerson({
  client,
  homeTeam,
}: {
  client: WebClient;
  homeTeam: () => string;
}): ReadPerson {
  const kindOf = async (user: string): Promise<PersonKind> => {
    const { user: profile } = await within(LOOKUP_MS, client.users.info({ user }));
    return kindOfPerson(profile, homeTeam());
  };
  const isIn = async (user: string, group: string): Promise<boolean> => {
    const { users = [] } = await within(LOOKUP_MS, client.usergroups.users.list({ usergroup: group }));
    return users.includes(user);
  };
  return async (user, groups) => {
    const [kind, memberships] = await Promise.allSettled([
      kindOf(user),
      Promise.all(groups.map(async (group) => ((await isIn(user, group)) ? [group] : []))),
    ]);
    return {
      user,
      kind: kind.status === 'fulfilled' ? kind.value : 'unknown',
      groups: memberships.status === 'fulfilled' ? memberships.value.flat() : null,
    };
  };
}

const Place = z.object({
  is_im: z.boolean().default(false),
  is_mpim: z.boolean().default(false),
  is_private: z.boolean().default(false),
  is_ext_shared: z.boolean().default(false),
  is_pending_ext_shared: z.boolean().default(false),
});

export const createReadPlace =
  ({ client }: { client: WebClient }): ReadPlace =>
  async (channel) => {
    const asked = within(LOOKUP_MS, client.conversations.info({ channel }));
    const place = await asked.then(
      (answer) => Place.safeParse(answer.channel).data,
      () => undefined,
    );
    if (place === undefined) return 'unknown';
    if (place.is_ext_shared || place.is_pending_ext_shared) return 'shared';
    if (place.is_im || place.is_mpim) return 'direct';
    return place.is_private ? 'private' : 'public';
  };
