import type { App, BlockAction, ButtonAction } from '@slack/bolt';
import { z } from 'zod';
import { NotAccepted } from '../../queue/request-run.js';
import { actionIds } from '../action-ids.js';
import { notAccepted, unknownRun, unknownService } from '../views/private-answers.js';
import type { View } from '../views/view.js';
import { answer } from './answer.js';
import type { ListenerNeeds } from './needs.js';
import { readStore } from './read-store.js';
import { startRun } from './start-run.js';

/** `Run again` below a verdict. The button holds its run's id; everything else is read from the store. */
export function registerRunAgain(app: App, needs: ListenerNeeds): void {
  app.action<BlockAction<ButtonAction>>(
    { type: 'block_actions', action_id: actionIds.runAgain },
    ({ action, body, respond }) =>
      answer({ respond, log: needs.log }, () => runAgainFrom(needs, action.value, body)),
  );
}

export async function runAgainFrom(
  needs: ListenerNeeds,
  value: string | undefined,
  body: BlockAction,
): Promise<View | null> {
  const runId = z.uuid().safeParse(value).data;
  const { channel } = body;
  if (runId === undefined || !channel) return unknownRun();
  try {
    const run = await readStore(needs.store.runs.get(runId));
    if (!run) return unknownRun();
    const service = needs.inventory.services.get(run.service);
    if (!service) return unknownService(run.service, []);
    return await startRun(needs, {
      service,
      channel,
      user: body.user.id,
      kind: 'again',
      incidentId: run.incidentId,
    });
  } catch (error) {
    if (error instanceof NotAccepted) return notAccepted('the service', error.message);
    throw error;
  }
}
