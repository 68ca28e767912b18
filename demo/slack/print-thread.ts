import { emojiText, parseMrkdwn, type Span } from './mrkdwn.js';
import { mention, namesOf, type Names } from './names.js';
import type { LocalSlack } from './server.js';
import { isObject, objectsOf, textOf, word, type Json, type JsonObject, type Message } from './types.js';

/** What Slack shows, as plain text for a terminal: a channel, and below each message its thread. */
export function printChannel(
  { control, workspace }: Pick<LocalSlack, 'control' | 'workspace'>,
  channel: string,
): string {
  const messages = control.messages(channel);
  const roots = messages.filter(({ threadTs }) => threadTs === null);
  const names = namesOf(workspace);
  const files = (message: Message) => message.files.map((id) => workspace.files.get(id)?.name ?? id);
  return roots
    .flatMap((root) => messages.filter(({ ts, threadTs }) => ts === root.ts || threadTs === root.ts))
    .map((message) => printMessage(message, { names, files: files(message) }))
    .join('\n\n');
}

export function printMessage(message: Message, { names, files }: { names: Names; files: string[] }): string {
  const indent = message.threadTs === null ? '' : '  | ';
  const at = new Date(Number(message.ts) * 1000).toISOString().slice(11, 19);
  const only = message.ephemeralFor === null ? '' : ` (only visible to ${names.user(message.ephemeralFor)})`;
  const edited = message.editedTs === null ? '' : ' (edited)';
  const body =
    message.blocks.length > 0 ? printBlocks(message.blocks, names) : printText(message.text, names);
  const lines = [`${names.user(message.user)} ${at}${edited}${only}`, ...body.split('\n')];
  const attached = files.map((name) => `[file: ${name}]`);
  return [...lines, ...attached].map((line) => `${indent}${line}`.trimEnd()).join('\n');
}

export const printBlocks = (blocks: JsonObject[], names: Names): string =>
  blocks.map((block) => printBlock(block, names)).join('\n');

/** A table's rows, or the block as the one row of words. */
function printRows(block: JsonObject): string {
  const rows = Array.isArray(block['rows']) ? block['rows'] : [block];
  return rows.map((row) => wordsInside(row).join('  ')).join('\n');
}

function printBlock(block: JsonObject, names: Names): string {
  const words = (value: Json | undefined) => printText(textOf(value), names);
  switch (block['type']) {
    case 'header':
      return `== ${words(block['text'])} ==`;
    case 'divider':
      return '-'.repeat(40);
    case 'section':
      return [
        ...(block['text'] === undefined ? [] : [words(block['text'])]),
        ...objectsOf(block['fields']).map(words),
        ...(isObject(block['accessory']) ? [printElement(block['accessory'])] : []),
      ].join('\n');
    case 'context':
      return objectsOf(block['elements']).map(words).join('  ');
    case 'actions':
      return objectsOf(block['elements']).map(printElement).join(' ');
    case 'markdown':
      return textOf(block['text']);
    case 'rich_text':
      return objectsOf(block['elements'])
        .map((part) => printRichText(part, names))
        .join('\n');
    default:
      return printRows(block) || `[${word(block['type'])}]`;
  }
}

function printElement(element: JsonObject): string {
  if (element['type'] === 'overflow') return '[more]';
  return `[${textOf(element['text']) || textOf(element['placeholder']) || word(element['type'])}]`;
}

function printRichText(part: JsonObject, names: Names): string {
  const elements = objectsOf(part['elements']);
  if (part['type'] === 'rich_text_list') {
    return elements.map((item) => `• ${printRichText(item, names)}`).join('\n');
  }
  const written = elements.map((element) => printRichElement(element, names)).join('');
  if (part['type'] === 'rich_text_section') return written;
  return written.replace(/^/gm, part['type'] === 'rich_text_quote' ? '> ' : '    ');
}

function printRichElement(element: JsonObject, names: Names): string {
  if (element['type'] === 'user') return mention({ of: 'user', id: word(element['user_id']) }, names);
  if (element['type'] === 'emoji') return emojiText(word(element['name']));
  return word(element['text']) || word(element['fallback']) || word(element['url']);
}

/** Of blocks that have no shape in a terminal: their words in order. */
function wordsInside(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(wordsInside);
  if (!isObject(value)) return [];
  const own = [value['title'], value['text']].filter((each) => typeof each === 'string');
  return [...own, ...Object.values(value).flatMap(wordsInside)];
}

export function printText(text: string, names: Names): string {
  return parseMrkdwn(text)
    .map(({ kind, spans }) => {
      const written = spans.map((span) => printSpan(span, names)).join('');
      if (kind === 'lines') return written;
      return written.replace(/^/gm, kind === 'quote' ? '> ' : '    ');
    })
    .join('\n');
}

function printSpan(span: Span, names: Names): string {
  switch (span.kind) {
    case 'text':
    case 'code':
      return span.text;
    case 'styled':
      return span.children.map((child) => printSpan(child, names)).join('');
    case 'link':
      return span.label === span.url ? span.url : `${span.label} (${span.url})`;
    case 'mention':
      return mention(span, names);
    case 'broadcast':
      return `@${span.label}`;
    case 'date':
      return span.fallback;
    case 'emoji':
      return emojiText(span.name);
  }
}
