import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Permission } from './authorise.js';
import { slackFailure } from './slack-failure.js';
import { within } from './within.js';

/** May a verdict with its evidence be read by everybody in this channel? */
export type MayAnswerIn = (channel: string) => Promise<Permission>;

const LOOKUP_MS = 800;
/** Who shares a channel with another company is seen at the next question a minute later. */
const CACHE_MS = 60_000;
const MAX_CACHED = 1_000;

const SHARED =
  'this channel is shared with another organisation, and a verdict quotes logs. Ask in a channel of your own, or name a `channel` for the service in the inventory.';
const UNREADABLE =
  'Slack did not say whether this channel is shared with another organisation. Nothing was started; try again in a minute.';

const Info = z.object({
  is_ext_shared: z.boolean().default(false),
  is_pending_ext_shared: z.boolean().default(false),
});

/** What cannot be found out is refused, except a channel that the bot cannot see: posting there fails by itself, and tells. */
export function createMayAnswerIn({
  client,
  now = Date.now,
}: {
  client: WebClient;
  now?: () => number;
}): MayAnswerIn {
  const cache = new Map<string, { until: number; permission: Permission }>();
  return async (channel) => {
    const cached = cache.get(channel);
    if (cached && cached.until > now()) return cached.permission;
    const permission = await lookUp(client, channel);
    if (permission.allowed) remember(permission);
    return permission;

    function remember(found: Permission): void {
      if (cache.size >= MAX_CACHED) cache.clear();
      cache.set(channel, { until: now() + CACHE_MS, permission: found });
    }
  };
}

async function lookUp(client: WebClient, channel: string): Promise<Permission> {
  try {
    const answer = await within(LOOKUP_MS, client.conversations.info({ channel }));
    const info = Info.parse(answer.channel);
    return info.is_ext_shared || info.is_pending_ext_shared
      ? { allowed: false, reason: SHARED }
      : { allowed: true };
  } catch (error) {
    const failure = slackFailure(error);
    const unseen = failure?.kind === 'permanent' && failure.code === 'channel_not_found';
    return unseen ? { allowed: true } : { allowed: false, reason: UNREADABLE };
  }
}
