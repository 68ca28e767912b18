import express, { type Router } from 'express';
import { z } from 'zod';
import type { Calls } from './calls.js';
import type { Faults } from './faults.js';
import { sufferMisfortune } from './misfortune.js';
import { isObject, type JsonObject, type Message } from './types.js';
import { readBody } from './web-api/chat.js';
import { decodeArguments } from './web-api/decode-arguments.js';
import { jsonList, SlackRefusal } from './web-api/define-method.js';
import type { Workspace } from './workspace.js';

/** Slack's limits: 5 answers within 30 minutes. */
const MAX_USES = 5;

type Ticket = { channel: string; user: string; source: Message | null; expires: number; uses: number };
export type ResponseUrls = ReturnType<typeof createResponseUrls>;

const Answer = z.object({
  text: z.string().optional(),
  blocks: z.json().optional(),
  attachments: jsonList.optional(),
  response_type: z.enum(['ephemeral', 'in_channel']).default('ephemeral'),
  replace_original: z.boolean().default(false),
  delete_original: z.boolean().default(false),
  thread_ts: z.string().optional(),
});

type Services = { workspace: Workspace; faults: Faults; calls: Calls; lifetimeMs: number };

/** Addresses at which the bot may answer a command or a click without a token. */
export function createResponseUrls({ workspace, faults, calls, lifetimeMs }: Services) {
  const tickets = new Map<string, Ticket>();

  function issue(
    baseUrl: string,
    { channel, user, source }: Pick<Ticket, 'channel' | 'user' | 'source'>,
  ): string {
    const id = workspace.newId('R');
    tickets.set(id, { channel, user, source, expires: Date.now() + lifetimeMs, uses: 0 });
    return `${baseUrl}/response/${id}`;
  }

  function use(id: string, body: JsonObject): void {
    const ticket = tickets.get(id);
    if (!ticket) throw new SlackRefusal('no_such_url');
    if (Date.now() > ticket.expires) throw new SlackRefusal('expired_url');
    if (ticket.uses >= MAX_USES) throw new SlackRefusal('used_url');
    applyAnswer(workspace, ticket, body);
    ticket.uses += 1;
  }

  const router: Router = express.Router();
  router.post('/:id', express.text({ type: () => true, limit: '1mb' }), async (request, response) => {
    const misfortune = await faults.strike('response_url');
    if (misfortune && misfortune.kind !== 'accept-then-drop') {
      calls.add({ method: 'response_url', outcome: null, fault: misfortune.kind });
      sufferMisfortune(response, misfortune);
      return;
    }
    const { status, outcome } = attempt(request.params.id, String(request.body), request.get('content-type'));
    calls.add({ method: 'response_url', outcome, fault: misfortune?.kind ?? null });
    if (misfortune) sufferMisfortune(response, misfortune);
    else response.status(status).json(outcome.answer);
  });

  function attempt(id: string, text: string, contentType = '') {
    let args: JsonObject = {};
    try {
      args = decodeArguments(contentType, text);
      use(id, args);
      return { status: 200, outcome: { arguments: args, answer: { ok: true } } };
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error;
      const isGone = error.message.endsWith('_url');
      const answer = { ok: false, error: error.message, ...error.details };
      return { status: isGone ? 404 : 400, outcome: { arguments: args, answer } };
    }
  }

  return { issue, router, clear: () => tickets.clear() };
}

type Place = { channel: string; user: string; source: Message | null };

/** What an answer does: delete, replace, or a new message, by default only for the one who asked. */
export function applyAnswer(workspace: Workspace, { channel, user, source }: Place, body: JsonObject): void {
  const parsed = Answer.safeParse(body);
  if (!parsed.success) throw new SlackRefusal('invalid_payload');
  const answer = parsed.data;
  if (answer.delete_original && source) {
    workspace.removeMessage(source);
    return;
  }
  const content = readBody({ workspace }, answer);
  if (answer.replace_original && source) {
    Object.assign(source, content, { editedTs: workspace.nextTs() });
    workspace.changed();
    return;
  }
  workspace.addMessage({
    ...content,
    channel,
    user: workspace.app.botUserId,
    threadTs: answer.thread_ts ?? source?.threadTs ?? null,
    ephemeralFor: answer.response_type === 'ephemeral' ? user : null,
  });
}

export const isAnswer = (body: unknown): body is JsonObject =>
  isObject(body) && ('text' in body || 'blocks' in body);
