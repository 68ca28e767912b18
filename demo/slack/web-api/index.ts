import { blocks } from './blocks.js';
import { chat } from './chat.js';
import { conversations } from './conversations.js';
import type { Method } from './define-method.js';
import { files } from './files.js';
import { identity } from './identity.js';
import { reactions } from './reactions.js';
import { users } from './users.js';
import { views } from './views.js';

export const methods: Record<string, Method | undefined> = {
  ...identity,
  ...chat,
  ...conversations,
  ...users,
  ...views,
  ...files,
  ...reactions,
  ...blocks,
};
