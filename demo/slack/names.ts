import type { Workspace } from './workspace.js';

/** What ids are called, for those who read. */
export type Names = {
  user: (id: string) => string;
  channel: (id: string) => string;
  usergroup: (id: string) => string;
};

export const namesOf = (workspace: Workspace): Names => ({
  user: (id) => workspace.users.get(id)?.name ?? id,
  channel: (id) => workspace.channels.get(id)?.name ?? id,
  usergroup: (id) => workspace.usergroups.get(id)?.handle ?? id,
});

export const mention = ({ of, id }: { of: keyof Names; id: string }, names: Names) =>
  `${of === 'channel' ? '#' : '@'}${names[of](id)}`;
