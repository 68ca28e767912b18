import type { ModalView } from '@slack/types';
import type { Remediation } from '../../model/remediation.js';
import { actionIds, blockIds, viewIds } from '../action-ids.js';
import { OURS, SLACK_LIMITS } from './limits.js';
import { bold, line, mrkdwn, plainText } from './mrkdwn.js';

/** A word is no reason. */
const SHORTEST_REASON = 10;

/** Asks why it cannot wait for the others. The plan itself stands in the thread, where it was asked for. */
export function breakGlassForm({ id, plan, planDigest }: Remediation, channel: string): ModalView {
  const words = [
    `${bold(plan.label, OURS.name)} *without approval*`,
    line(plan.effect, OURS.summary),
    `*Who feels it*: ${line(plan.blastRadius, OURS.summary)}`,
    'Your name and your reason are shown in the thread and kept in the audit.',
  ];
  return {
    type: 'modal',
    callback_id: viewIds.breakGlass,
    private_metadata: JSON.stringify({ id, planDigest, channel }),
    title: plainText('Without approval', SLACK_LIMITS.viewTitle),
    submit: plainText('Do it', SLACK_LIMITS.viewTitle),
    close: plainText('Leave it', SLACK_LIMITS.viewTitle),
    blocks: [
      { type: 'section', text: mrkdwn(words.join('\n')) },
      {
        type: 'input',
        block_id: blockIds.reason,
        label: plainText('Why can it not wait?', SLACK_LIMITS.optionText),
        element: {
          type: 'plain_text_input',
          action_id: actionIds.breakGlass,
          multiline: true,
          min_length: SHORTEST_REASON,
          max_length: OURS.text,
        },
      },
    ],
  };
}
