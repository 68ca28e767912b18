import type { App, RespondFn, SlashCommand } from '@slack/bolt';
import { NotAccepted } from '../../queue/request-run.js';
import { help } from '../views/help.js';
import { picker } from '../views/picker.js';
import { notAccepted, unknownService } from '../views/private-answers.js';
import { serviceList } from '../views/service-list.js';
import { status } from '../views/status.js';
import type { View } from '../views/view.js';
import { answer } from './answer.js';
import type { ListenerNeeds } from './needs.js';
import { parseCommand } from './parse-command.js';
import { readStore } from './read-store.js';
import { startRun } from './start-run.js';

/** `/diag503 …`. The gate has acknowledged it and knows the person. */
export function registerCommand(app: App, needs: ListenerNeeds): void {
  app.command('/diag503', ({ command, respond }: { command: SlashCommand; respond: RespondFn }) =>
    answer({ respond, log: needs.log }, () => obey(needs, command)),
  );
}

async function obey(needs: ListenerNeeds, slash: SlashCommand): Promise<View | null> {
  const { services } = needs.inventory;
  const names = [...services.keys()].toSorted();
  const command = parseCommand(slash.text, names);
  switch (command.kind) {
    case 'help':
      return help();
    case 'list':
      return serviceList([...services.values()]);
    case 'pick':
      return picker(names);
    case 'unknown':
      return unknownService(command.typed, command.nearest);
    case 'status':
      return statusOf(needs, command.service);
    case 'diagnose': {
      const service = services.get(command.service);
      const channel = { id: slash.channel_id, name: slash.channel_name };
      if (!service) return unknownService(command.service, []);
      return startRun(needs, { service, channel, user: slash.user_id, kind: 'slash' });
    }
  }
}

async function statusOf({ store }: ListenerNeeds, service: string): Promise<View> {
  try {
    return status(service, await readStore(store.runs.latest(service)));
  } catch (error) {
    if (error instanceof NotAccepted) return notAccepted(service, error.message);
    throw error;
  }
}
