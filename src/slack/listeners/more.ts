import type { App, BlockAction, OverflowAction } from '@slack/bolt';
import { actionIds } from '../action-ids.js';
import { unknownRun } from '../views/private-answers.js';
import { chosen, notPossible, unknownRemediation } from '../views/remediation-answers.js';
import type { View } from '../views/view.js';
import { answer } from './answer.js';
import type { ListenerNeeds } from './needs.js';
import { byId } from './if-allowed.js';
import { runAgainFrom } from './run-again.js';
import { isSilence, silenceFrom } from './silence.js';

/** The menu below a verdict. A menu has one dialog for all it holds, so what changes something is shown first, with a button of its own. */
export function registerMore(app: App, needs: ListenerNeeds): void {
  app.action<BlockAction<OverflowAction>>(
    { type: 'block_actions', action_id: actionIds.more },
    ({ action, body, respond }) =>
      answer({ respond, log: needs.log }, () => choose(needs, action.selected_option.value, body)),
  );
}

async function choose(needs: ListenerNeeds, picked: string, body: BlockAction): Promise<View | null> {
  const [actionId, value] = picked.split(' ');
  if (isSilence(actionId)) return silenceFrom(needs, { actionId, value, user: body.user.id });
  if (actionId === actionIds.runAgain) return runAgainFrom(needs, value, body);
  if (actionId !== actionIds.remediate || needs.changes === undefined) return unknownRun();
  const remediation = await byId(needs.changes, value);
  if (remediation === null) return unknownRemediation();
  if (remediation.state !== 'offered') return notPossible(remediation, 'it is over. Run again first.');
  return chosen(remediation);
}
