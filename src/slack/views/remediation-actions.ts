import type { ConfirmationDialog } from '@slack/types';
import type { Remediation } from '../../model/remediation.js';
import { actionIds } from '../action-ids.js';
import { type CardAction, runAgain } from './action-row.js';
import { OURS, SLACK_LIMITS } from './limits.js';
import { plainText } from './mrkdwn.js';

/** Below a verdict: the best changes, then another look, then the rest in the menu. The first button may stand out. */
export function verdictActions(runId: string, offered: readonly Remediation[]): CardAction[] {
  const actions = offered.map((remediation, index): CardAction => ({
    ...remediateAction(remediation),
    ...(index === 0 ? { style: 'primary' as const } : {}),
  }));
  return [...actions.slice(0, OURS.offers), runAgain(runId), ...actions.slice(OURS.offers)];
}

/** It fits the verdict, nobody asked for it, and it is not offered: its `progress` says why. */
export const isWithdrawn = ({ state, requestedBy }: Remediation): boolean =>
  state === 'refused' && requestedBy === null;

export const remediateAction = ({ id, plan, approvalsNeeded }: Remediation): CardAction => ({
  label: plan.label,
  actionId: actionIds.remediate,
  value: id,
  confirm: confirmation(
    plan.label,
    dialogText(plan, approvalsNeeded),
    approvalsNeeded > 0 ? 'Ask for it' : 'Do it',
  ),
});

/** Slack gives a dialog 300 characters: who feels it comes first, and what does not fit is in the thread. */
export function dialogText({ effect, blastRadius }: Remediation['plan'], approvalsNeeded = 0): string {
  const approvals = approvalsNeeded > 0 ? ` Needs the approval of ${approvalsNeeded} other.` : '';
  return `${blastRadius}${approvals} ${effect}`;
}

export const confirmation = (title: string, text: string, yes: string): ConfirmationDialog => ({
  title: plainText(title, SLACK_LIMITS.confirmTitle),
  text: plainText(text, SLACK_LIMITS.confirmText),
  confirm: plainText(yes, SLACK_LIMITS.confirmButton),
  deny: plainText('Leave it', SLACK_LIMITS.confirmButton),
});
