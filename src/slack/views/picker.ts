import type { KnownBlock } from '@slack/types';
import { actionIds, blockIds } from '../action-ids.js';
import { SLACK_LIMITS } from './limits.js';
import { mrkdwn, plainText } from './mrkdwn.js';
import type { View } from './view.js';

/** Slack takes 100 options, but 100 long names would be more JSON than it takes in one message. */
const MAX_OPTIONS = 50;

/** What `/diag503` alone answers: the services to pick from. */
export function picker(names: readonly string[]): View {
  const text = 'Which service?';
  if (names.length === 0) {
    return { text, blocks: [{ type: 'section', text: mrkdwn('The inventory has no services.') }] };
  }
  const options = names.slice(0, MAX_OPTIONS).map((name) => ({
    text: plainText(name, SLACK_LIMITS.optionText),
    value: name.slice(0, SLACK_LIMITS.optionValue),
  }));
  const rest = names.length - options.length;
  const blocks: KnownBlock[] = [
    {
      type: 'section',
      block_id: blockIds.picker,
      text: mrkdwn(text),
      accessory: {
        type: 'static_select',
        action_id: actionIds.pickService,
        placeholder: plainText('Pick a service', SLACK_LIMITS.optionText),
        options,
      },
    },
  ];
  if (rest > 0) {
    blocks.push({
      type: 'context',
      elements: [mrkdwn(`${rest} more are not shown: type \`/diag503 NAME\`.`)],
    });
  }
  return { text, blocks };
}
