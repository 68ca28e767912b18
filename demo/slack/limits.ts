import { z } from 'zod';
import { messageBlock, view } from './limits/blocks.js';
import { objectsOf, textOf, type Json, type JsonObject } from './types.js';

/** Slack cuts text near here; the bot must not get that far. */
export const MAX_TEXT = 40_000;
/** Not in Slack's reference: all blocks of one message together, as JSON (slackapi/bolt-js#2509). */
export const MAX_BLOCKS_JSON = 13_000;
const MAX_MARKDOWN = 12_000;
const MAX_CHARTS = 2;

export type Refusal = {
  error: 'invalid_blocks' | 'msg_too_long' | 'msg_blocks_too_long';
  messages: string[];
};

/** What Slack would refuse about a message's words and blocks, or null. */
export function refuseMessage({ text, blocks }: { text: string; blocks: Json }): Refusal | null {
  if (text.length > MAX_TEXT) return { error: 'msg_too_long', messages: [] };
  const messages = blockErrors(blocks, '/blocks', 50);
  if (messages.length > 0) return { error: 'invalid_blocks', messages };
  const markdown = objectsOf(blocks).filter(({ type }) => type === 'markdown');
  const written = markdown.reduce((sum, block) => sum + textOf(block['text']).length, 0);
  const size = JSON.stringify(blocks).length - written;
  if (size > MAX_BLOCKS_JSON || written > MAX_MARKDOWN) return { error: 'msg_blocks_too_long', messages: [] };
  return null;
}

/** Complaints in Slack's words, each with a JSON pointer. */
export function blockErrors(blocks: Json, pointer: string, max: number): string[] {
  const parsed = z.array(messageBlock).max(max).safeParse(blocks);
  if (!parsed.success) return parsed.error.issues.map((issue) => complaint(issue, pointer));
  const list = objectsOf(blocks);
  const charts = list.filter(({ type }) => type === 'data_visualization').length;
  return [
    ...duplicates(list, pointer),
    ...(charts > MAX_CHARTS
      ? [`no more than ${MAX_CHARTS} data_visualization blocks [json-pointer:${pointer}]`]
      : []),
  ].map((message) => `[ERROR] ${message}`);
}

export function viewErrors(content: JsonObject): string[] {
  const parsed = view.safeParse(content);
  if (!parsed.success) return parsed.error.issues.map((issue) => complaint(issue, '/view'));
  const errors = duplicates(objectsOf(content['blocks']), '/view/blocks');
  const hasInput = objectsOf(content['blocks']).some(({ type }) => type === 'input');
  if (content['type'] === 'modal' && !content['title'])
    errors.push('missing required field: title [json-pointer:/view]');
  if (content['type'] === 'modal' && hasInput && !content['submit']) {
    errors.push('missing required field: submit [json-pointer:/view]');
  }
  return errors.map((message) => `[ERROR] ${message}`);
}

/** Ids must differ: block ids in a message, action ids in a block. */
function duplicates(blocks: JsonObject[], pointer: string): string[] {
  const seen = new Set<Json>();
  return blocks.flatMap((block, index) => {
    const errors: string[] = [];
    const id = block['block_id'];
    if (id !== undefined && seen.has(id)) {
      errors.push(`block_id must be unique [json-pointer:${pointer}/${index}/block_id]`);
    }
    if (id !== undefined) seen.add(id);
    const actions = objectsOf(block['elements']).flatMap(({ action_id }) => (action_id ? [action_id] : []));
    if (new Set(actions).size < actions.length) {
      errors.push(`action_id must be unique within a block [json-pointer:${pointer}/${index}/elements]`);
    }
    return errors;
  });
}

function complaint(issue: z.core.$ZodIssue, pointer: string): string {
  return `[ERROR] ${inSlacksWords(issue)} [json-pointer:${[pointer, ...issue.path.map(String)].join('/')}]`;
}

function inSlacksWords(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'too_big':
      return issue.origin === 'string'
        ? `must be less than ${Number(issue.maximum) + 1} characters`
        : `no more than ${Number(issue.maximum)} items allowed`;
    case 'too_small':
      return issue.origin === 'string'
        ? `must be more than ${Number(issue.minimum) - 1} characters`
        : `must provide at least ${Number(issue.minimum)} items`;
    case 'invalid_union':
      return 'unsupported type';
    case 'unrecognized_keys':
      return `invalid additional property: ${issue.keys.join(', ')}`;
    case 'invalid_type':
      return issue.input === undefined && issue.message.includes('undefined')
        ? `missing required field: ${String(issue.path.at(-1))}`
        : `should be ${issue.expected}`;
    default:
      return issue.message;
  }
}
