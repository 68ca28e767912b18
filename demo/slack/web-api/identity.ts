import { z } from 'zod';
import { defineMethod, SlackRefusal, type Method } from './define-method.js';

export const identity: Record<string, Method> = {
  'auth.test': defineMethod({
    scope: null,
    arguments: z.object({}),
    run: ({ workspace: { team, app }, baseUrl }) => ({
      url: `${baseUrl}/`,
      team: team.name,
      user: 'diag503',
      team_id: team.id,
      user_id: app.botUserId,
      bot_id: app.botId,
      is_enterprise_install: false,
    }),
  }),
  'team.info': defineMethod({
    scope: 'team:read',
    arguments: z.object({}),
    run: ({ workspace: { team } }) => ({ team: { ...team, email_domain: '' } }),
  }),
  'bots.info': defineMethod({
    scope: 'users:read',
    arguments: z.object({ bot: z.string().optional() }),
    run: ({ workspace: { app } }, args) => {
      if (args.bot !== undefined && args.bot !== app.botId) throw new SlackRefusal('bot_not_found');
      return {
        bot: { id: app.botId, app_id: app.id, user_id: app.botUserId, name: 'diag503', deleted: false },
      };
    },
  }),
  'apps.connections.open': defineMethod({
    token: 'app',
    scope: null,
    arguments: z.object({}),
    run: ({ openSocket }) => ({ url: openSocket() }),
  }),
};
