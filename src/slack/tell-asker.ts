import type { WebClient } from '@slack/web-api';
import type { Message, Run } from '../model/incident.js';
import type { Inventory } from '../model/service.js';
import type { Log } from './log.js';
import { remedyOf, slackFailure } from './slack-failure.js';
import { notPosted } from './views/private-answers.js';

type Needs = { client: WebClient; inventory: Inventory; log?: Log };

/** In private, to the person who waits for the answer: why it is not in the channel, and what to do. */
export async function tellAsker(needs: Needs, message: Message, run: Run, code: string): Promise<void> {
  const { client, inventory, log } = needs;
  if (run.origin.user === null) return;
  const fromInventory = inventory.services.get(run.service)?.channel === message.channel;
  const correct =
    fromInventory && code === 'channel_not_found' ? ' Or correct its `channel` in the inventory.' : '';
  const { text, blocks } = notPosted(run.service, message.channel, `${remedyOf(code)}${correct}`);
  try {
    await client.chat.postMessage({ channel: run.origin.user, text, blocks });
  } catch (error) {
    const reason = slackFailure(error)?.reason ?? String(error);
    log?.error({ run: run.id }, `its asker could not be told either: ${reason}`);
  }
}
