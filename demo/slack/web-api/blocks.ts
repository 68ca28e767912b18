import { z } from 'zod';
import { blockErrors } from '../limits.js';
import { defineMethod, SlackRefusal, type Method } from './define-method.js';

export const blocks: Record<string, Method> = {
  'blocks.validate': defineMethod({
    scope: null,
    arguments: z.object({ blocks: z.json() }),
    run: (_call, args) => {
      const messages = blockErrors(args.blocks, '/blocks', 50);
      if (messages.length > 0) {
        throw new SlackRefusal('invalid_blocks', { errors: messages, response_metadata: { messages } });
      }
      return {};
    },
  }),
};
