import { z } from 'zod';
import { wireUser, wireUsergroup } from '../wire.js';
import { knownUser } from './access.js';
import { defineMethod, flag, id, limit, page, SlackRefusal, type Method } from './define-method.js';

export const users: Record<string, Method> = {
  'users.info': defineMethod({
    scope: 'users:read',
    arguments: z.object({ user: id }),
    run: (call, args) => ({ user: wireUser(knownUser(call, args.user)) }),
  }),
  'users.list': defineMethod({
    scope: 'users:read',
    arguments: z.object({ limit: limit(1000), cursor: z.string().optional() }),
    run: ({ workspace }, args) => {
      const { items, response_metadata } = page([...workspace.users.values()], args);
      return { members: items.map(wireUser), response_metadata };
    },
  }),
  'usergroups.list': defineMethod({
    scope: 'usergroups:read',
    arguments: z.object({ include_users: flag, include_disabled: flag }),
    run: ({ workspace }) => ({
      usergroups: [...workspace.usergroups.values()].map((group) => wireUsergroup(workspace, group)),
    }),
  }),
  'usergroups.users.list': defineMethod({
    scope: 'usergroups:read',
    arguments: z.object({ usergroup: id }),
    run: ({ workspace }, args) => {
      const group = workspace.usergroups.get(args.usergroup);
      if (!group) throw new SlackRefusal('no_such_subteam');
      return { users: group.users };
    },
  }),
};
