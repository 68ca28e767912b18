import type { ActionsBlock, ActionsBlockElement, ConfirmationDialog } from '@slack/types';
import { actionIds, blockIds, numberedId } from '../action-ids.js';
import { OURS, SLACK_LIMITS } from './limits.js';
import { plainText } from './mrkdwn.js';

/** One thing that a person may do about a verdict. Best first: three are buttons, the others sit in a menu. */
export type CardAction = {
  readonly label: string;
  readonly actionId: string;
  /** An id of a stored row; never anything that is acted on by itself. */
  readonly value: string;
  readonly style?: 'primary' | 'danger';
  readonly confirm?: ConfirmationDialog;
};

export const runAgain = (runId: string): CardAction => ({
  label: 'Run again',
  actionId: actionIds.runAgain,
  value: runId,
});

export function actionRow(actions: readonly CardAction[]): ActionsBlock[] {
  const elements: ActionsBlockElement[] = numbered(actions.slice(0, OURS.buttons)).map(button);
  const rest = actions.slice(OURS.buttons, OURS.buttons + SLACK_LIMITS.overflowOptions);
  if (rest.length > 0) {
    const options = rest.map(({ label, actionId, value }) => ({
      text: plainText(label, SLACK_LIMITS.optionText),
      value: `${actionId} ${value}`.slice(0, SLACK_LIMITS.optionValue),
    }));
    elements.push({ type: 'overflow', action_id: actionIds.more, options });
  }
  return elements.length > 0 ? [{ type: 'actions', block_id: blockIds.actions, elements }] : [];
}

const numbered = (actions: readonly CardAction[]): CardAction[] =>
  actions.map((action, index) => {
    const before = actions.slice(0, index).map(({ actionId }) => actionId);
    return { ...action, actionId: numberedId(action.actionId, before) };
  });

function button({ label, actionId, value, style, confirm }: CardAction): ActionsBlockElement {
  return {
    type: 'button',
    text: plainText(label, SLACK_LIMITS.buttonText),
    action_id: actionId.slice(0, SLACK_LIMITS.actionId),
    value: value.slice(0, SLACK_LIMITS.buttonValue),
    ...(style === undefined ? {} : { style }),
    ...(confirm === undefined ? {} : { confirm }),
  };
}
