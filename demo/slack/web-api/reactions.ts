import { z } from 'zod';
import { existingMessage, readableChannel } from './access.js';
import { defineMethod, id, SlackRefusal, type Method } from './define-method.js';

export const reactions: Record<string, Method> = {
  'reactions.add': defineMethod({
    scope: 'reactions:write',
    arguments: z.object({ channel: id, timestamp: id, name: id }),
    run: (call, args) => {
      const channel = readableChannel(call, args.channel);
      const message = existingMessage(call, channel.id, args.timestamp);
      const { botUserId } = call.workspace.app;
      const known = message.reactions.find(({ name }) => name === args.name);
      if (known?.users.includes(botUserId)) throw new SlackRefusal('already_reacted');
      if (known) known.users.push(botUserId);
      else message.reactions.push({ name: args.name, users: [botUserId] });
      call.workspace.changed();
      return {};
    },
  }),
};
