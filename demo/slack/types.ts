/** Plain JSON, as it goes over Slack's wire. Blocks stay JSON: the limits decide what is a block. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export type User = {
  id: string;
  teamId: string;
  name: string;
  realName: string;
  timeZone: string;
  isAdmin: boolean;
  isBot: boolean;
  isDeactivated: boolean;
  /** multi-channel guest */
  isRestricted: boolean;
  /** single-channel guest */
  isUltraRestricted: boolean;
  /** of another workspace, met in a Slack Connect channel */
  isStranger: boolean;
};

export type Channel = {
  id: string;
  name: string;
  kind: 'public' | 'private' | 'im';
  members: string[];
  isArchived: boolean;
  /** shared with another organisation by Slack Connect */
  isExternallyShared: boolean;
  topic: string;
};

export type Message = {
  channel: string;
  ts: string;
  threadTs: string | null;
  user: string;
  isFromBot: boolean;
  text: string;
  blocks: JsonObject[];
  attachments: JsonObject[];
  metadata: JsonObject | null;
  files: string[];
  reactions: { name: string; users: string[] }[];
  editedTs: string | null;
  /** a thread reply that is shown in the channel as well */
  isBroadcast: boolean;
  /** the one user who sees it; null: everyone */
  ephemeralFor: string | null;
};

export type StoredFile = {
  id: string;
  name: string;
  title: string;
  mimeType: string;
  user: string;
  created: number;
  content: Buffer;
  shares: { channel: string; ts: string }[];
};

export type View = {
  id: string;
  hash: string;
  type: 'modal' | 'home';
  user: string;
  /** the view that was on top when this one was pushed */
  previousId: string | null;
  rootId: string;
  externalId: string | null;
  content: JsonObject;
};

export type Usergroup = { id: string; handle: string; name: string; users: string[] };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  return isObject(value) && typeof value['text'] === 'string' ? value['text'] : '';
}

/** A short field such as an id: words or a number, else nothing. */
export function word(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

export function objectsOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
