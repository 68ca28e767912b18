import { z } from 'zod';
import type { Triggers } from '../triggers.js';
import type { Json, JsonObject } from '../types.js';
import type { Workspace } from '../workspace.js';

export type Call = {
  workspace: Workspace;
  triggers: Triggers;
  /** without a slash at the end */
  baseUrl: string;
  arguments: JsonObject;
  /** makes a WebSocket address that works once */
  openSocket: () => string;
  hasScope: (scope: string) => boolean;
};

export type Method = {
  /** which token Slack wants, and the scope it must carry */
  token: 'bot' | 'app';
  scope: string | null;
  run: (call: Call) => JsonObject;
};

/** Ends a call with Slack's `{ ok: false, error }`. */
export class SlackRefusal extends Error {
  readonly details: JsonObject;
  constructor(error: string, details: JsonObject = {}) {
    super(error);
    this.details = details;
  }
}

/** A method whose arguments are checked; arguments that it does not know are ignored, as Slack does. */
export function defineMethod<Schema extends z.ZodType>(method: {
  token?: 'bot' | 'app';
  scope: string | null;
  arguments: Schema;
  run: (call: Call, args: z.output<Schema>) => JsonObject;
}): Method {
  return {
    token: method.token ?? 'bot',
    scope: method.scope,
    run: (call) => {
      const parsed = method.arguments.safeParse(call.arguments);
      if (!parsed.success) throw invalidArguments(parsed.error.issues.map(describe));
      return method.run(call, parsed.data);
    },
  };
}

export const invalidArguments = (messages: string[]) =>
  new SlackRefusal('invalid_arguments', { response_metadata: { messages } });

function describe(issue: z.core.$ZodIssue): string {
  const field = issue.path.map(String).join('/');
  const isMissing = issue.code === 'invalid_type' && issue.message.includes('undefined');
  const text = isMissing ? `missing required field: ${field}` : issue.message;
  return `[ERROR] ${text} [json-pointer:/${field}]`;
}

/** Argument types: over a form everything is a string. */
export const flag = z.union([z.boolean(), z.stringbool()]).default(false);
export const limit = (fallback: number) => z.coerce.number().int().min(1).max(1000).default(fallback);
const json: z.ZodType<Json> = z.json();
export const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), json);
export const jsonList = z.array(jsonObject);
export const id = z.string().min(1);
export const commaList = z.string().transform((text) => text.split(',').map((item) => item.trim()));

/** One page of a list, by Slack's opaque cursors. */
export function page<Item>(
  items: Item[],
  { cursor, limit: size }: { cursor?: string | undefined; limit: number },
) {
  const start = cursor ? Number(Buffer.from(cursor, 'base64').toString().replace('next:', '')) : 0;
  if (!Number.isInteger(start) || start < 0) throw new SlackRefusal('invalid_cursor');
  const end = start + size;
  const hasMore = end < items.length;
  const next = hasMore ? Buffer.from(`next:${end}`).toString('base64') : '';
  return { items: items.slice(start, end), hasMore, response_metadata: { next_cursor: next } };
}
