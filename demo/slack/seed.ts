import type { Channel, User, Usergroup } from './types.js';

export const TEAM = { id: 'T0LOCAL', name: 'Local Slack', domain: 'local' };
export const APP = { id: 'A0DIAG503', botId: 'B0DIAG503', botUserId: 'U0DIAG503' };
export const SLACKBOT = 'USLACKBOT';

const person: User = {
  id: '',
  teamId: TEAM.id,
  name: '',
  realName: '',
  timeZone: 'UTC',
  isAdmin: false,
  isBot: false,
  isDeactivated: false,
  isRestricted: false,
  isUltraRestricted: false,
  isStranger: false,
};

/** One user of every kind that an authorisation rule must tell apart. */
export const seedUsers = (): User[] => [
  { ...person, id: 'U0ANA', name: 'ana', realName: 'Ana Ribeiro', isAdmin: true },
  { ...person, id: 'U0BEN', name: 'ben', realName: 'Ben Okafor' },
  { ...person, id: 'U0CARLA', name: 'carla', realName: 'Carla Weiss' },
  { ...person, id: 'U0GUEST', name: 'gil', realName: 'Gil (guest)', isRestricted: true },
  {
    ...person,
    id: 'U0SINGLE',
    name: 'sam',
    realName: 'Sam (single-channel guest)',
    isRestricted: true,
    isUltraRestricted: true,
  },
  {
    ...person,
    id: 'U0FOREIGN',
    teamId: 'T0PARTNER',
    name: 'fay',
    realName: 'Fay (partner company)',
    isStranger: true,
  },
  { ...person, id: 'U0GONE', name: 'dan', realName: 'Dan (deactivated)', isDeactivated: true },
  { ...person, id: 'U0ROBOT', name: 'deploybot', realName: 'Deploy Bot', isBot: true },
  { ...person, id: APP.botUserId, name: 'diag503', realName: 'diag503', isBot: true },
  { ...person, id: SLACKBOT, name: 'slackbot', realName: 'Slackbot' },
];

const room: Channel = {
  id: '',
  name: '',
  kind: 'public',
  members: [],
  isArchived: false,
  isExternallyShared: false,
  topic: '',
};
const staff = ['U0ANA', 'U0BEN', 'U0CARLA'];

export const seedChannels = (): Channel[] => [
  { ...room, id: 'C0GENERAL', name: 'general', members: [...staff, 'U0GUEST', 'U0ROBOT'], topic: 'Everyone' },
  {
    ...room,
    id: 'C0OPSAPI',
    name: 'ops-api',
    members: [...staff, 'U0GUEST', APP.botUserId],
    topic: 'api-prod is looked after here',
  },
  { ...room, id: 'C0OPSSHOP', name: 'ops-shop', members: [...staff, 'U0SINGLE', APP.botUserId] },
  { ...room, id: 'G0OPSPRIV', name: 'ops-private', kind: 'private', members: ['U0ANA', APP.botUserId] },
  { ...room, id: 'G0SECURITY', name: 'security', kind: 'private', members: ['U0ANA', 'U0BEN'] },
  {
    ...room,
    id: 'C0PARTNER',
    name: 'partner',
    members: ['U0ANA', 'U0FOREIGN', APP.botUserId],
    isExternallyShared: true,
    topic: 'Shared with the partner company',
  },
  { ...room, id: 'C0OLD', name: 'old-ops', members: ['U0ANA', APP.botUserId], isArchived: true },
];

export const seedUsergroups = (): Usergroup[] => [
  { id: 'S0OPS', handle: 'ops', name: 'Operators', users: ['U0ANA', 'U0BEN'] },
  { id: 'S0LEADS', handle: 'leads', name: 'Leads', users: ['U0ANA'] },
];

/** What the bot's token may do. */
export const defaultScopes = [
  'chat:write',
  'chat:write.public',
  'commands',
  'channels:read',
  'channels:history',
  'channels:join',
  'groups:read',
  'groups:history',
  'im:write',
  'users:read',
  'usergroups:read',
  'team:read',
  'files:read',
  'files:write',
  'reactions:write',
  'app_mentions:read',
];
