import type { App, BlockAction, StaticSelectAction } from '@slack/bolt';
import { actionIds } from '../action-ids.js';
import { lookingHere, unknownService } from '../views/private-answers.js';
import type { View } from '../views/view.js';
import { answer } from './answer.js';
import type { ListenerNeeds } from './needs.js';
import { startRun } from './start-run.js';

/** The service picked after `/diag503` alone. The picker is private to the asker, and its choice replaces it. */
export function registerPicker(app: App, needs: ListenerNeeds): void {
  app.action<BlockAction<StaticSelectAction>>(
    { type: 'block_actions', action_id: actionIds.pickService },
    ({ action, body, respond }) =>
      answer({ respond, log: needs.log, replace: true }, () => pick(needs, action, body)),
  );
}

async function pick(needs: ListenerNeeds, action: StaticSelectAction, body: BlockAction): Promise<View> {
  const picked = action.selected_option.value;
  const service = needs.inventory.services.get(picked);
  const channel = body.channel;
  if (!service || !channel) return unknownService(picked, []);
  const view = await startRun(needs, { service, channel, user: body.user.id, kind: 'slash' });
  return view ?? lookingHere(service.name);
}
