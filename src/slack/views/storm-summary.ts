import type { SharedRoot } from '../../model/shared-root.js';
import { countOf } from '../../model/words.js';
import { OURS } from './limits.js';
import { bold, mrkdwn, readerTime } from './mrkdwn.js';
import type { View } from './view.js';

export type StormShown = {
  beganAt: string;
  services: readonly { service: string; isOpen: boolean; isLookedAt: boolean }[];
  shared: SharedRoot | null;
};

const LISTED = 20;

/** One message for many services; each has its own thread. */
export function stormSummary({ beganAt, services, shared }: StormShown): View {
  const names = services.slice(0, LISTED).map(({ service }) => bold(service, OURS.name));
  const more = services.length > LISTED ? ` and ${services.length - LISTED} more` : '';
  const lookedAt = services.filter(({ isLookedAt }) => isLookedAt).length;
  const over = services.filter(({ isOpen }) => !isOpen).length;
  const text = [
    `${countOf(services.length, 'service')} alert at once since ${readerTime(beganAt)}: ${names.join(', ')}${more}`,
    `${lookedAt} of ${services.length} looked at${over > 0 ? `, ${over} resolved` : ''}; each has its own thread.`,
    ...(shared === null
      ? []
      : [
          `Looks shared: ${shared.count} of ${countOf(shared.of, 'verdict')} name ${bold(shared.name, OURS.name)} as the root.`,
        ]),
  ].join('\n');
  return { text, blocks: [{ type: 'section', text: mrkdwn(text) }] };
}
