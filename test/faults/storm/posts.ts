import type { LocalSlack } from '../../../demo/slack/server.js';
import { isObject, type Message } from '../../../demo/slack/types.js';

/** All that the bot has said in channels and threads, as everybody sees it. */
export const postsOf = ({ workspace }: LocalSlack): Message[] =>
  [...workspace.channels.keys()]
    .flatMap((id) => workspace.messagesOf(id))
    .filter(({ isFromBot, ephemeralFor }) => isFromBot && ephemeralFor === null);

/** Which row of the outbox a message is: an upload has no metadata, its title names the run. */
export function keyOf({ workspace }: LocalSlack, { metadata, files }: Message): string {
  const payload = metadata?.['event_payload'];
  if (isObject(payload) && typeof payload['key'] === 'string') return payload['key'];
  return files.map((id) => workspace.files.get(id)?.title ?? id).join();
}

/** Slack's own clock of messages. */
export const postedAt = ({ ts }: Message): number => Number(ts) * 1_000;

/** When each message of a channel was edited. */
export const editsOf = ({ control }: LocalSlack): { channel: string; at: number }[] =>
  control
    .calls('chat.update')
    .filter(({ answer }) => answer?.['ok'] === true)
    .map(({ at, arguments: { channel } }) => ({ channel: typeof channel === 'string' ? channel : '', at }));

/** The most that came in any stretch of that length, of any channel. */
export function busiest(events: readonly { channel: string; at: number }[], stretchMs: number): number {
  let most = 0;
  for (const channel of new Set(events.map((each) => each.channel))) {
    const times = events
      .filter((each) => each.channel === channel)
      .map(({ at }) => at)
      .toSorted((a, b) => a - b);
    for (const [index, at] of times.entries()) {
      const within = times.slice(index).filter((other) => other < at + stretchMs).length;
      most = Math.max(most, within);
    }
  }
  return most;
}
