/** Slack's mrkdwn, read into a tree, so that the page and the terminal can both write it. */
export type Span =
  | { kind: 'text' | 'code'; text: string }
  | { kind: 'styled'; style: 'bold' | 'italic' | 'strike'; children: Span[] }
  | { kind: 'link'; url: string; label: string }
  | { kind: 'mention'; of: 'user' | 'channel' | 'usergroup'; id: string }
  | { kind: 'broadcast'; label: string }
  | { kind: 'date'; timestamp: number; format: string; fallback: string }
  | { kind: 'emoji'; name: string };

export type Part = { kind: 'lines' | 'quote' | 'fence'; spans: Span[] };

const FENCE = /```\n?([\s\S]*?)\n?```/;
const QUOTE = /^(?:>|&gt;) ?/;

export function parseMrkdwn(text: string): Part[] {
  const fence = FENCE.exec(text);
  if (!fence) return parseLines(text);
  const before = text.slice(0, fence.index).replace(/\n$/, '');
  const after = text.slice(fence.index + fence[0].length).replace(/^\n/, '');
  const inside: Part = { kind: 'fence', spans: parseReferences(fence[1] ?? '') };
  return [...parseLines(before), inside, ...parseMrkdwn(after)];
}

/** Neighbouring quoted lines make one quote. */
function parseLines(text: string): Part[] {
  if (text === '') return [];
  const parts: { isQuote: boolean; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const isQuote = QUOTE.test(line);
    const last = parts.at(-1);
    const content = isQuote ? line.replace(QUOTE, '') : line;
    if (last?.isQuote === isQuote) last.lines.push(content);
    else parts.push({ isQuote, lines: [content] });
  }
  return parts.map(({ isQuote, lines }) => ({
    kind: isQuote ? 'quote' : 'lines',
    spans: parseInline(lines.join('\n')),
  }));
}

/**
 * Marks count only at the edge of a word: `1*2*3` and snake_case stay as they are.
 * One alternative a row: code, <reference>, *bold*, _italic_, ~strike~, :emoji:.
 */
const INLINE =
  /`([^`\n]+)`|<([^<>\n]+)>|(?<![\w*])\*(\S(?:[^*\n]*\S)?)\*(?![\w*])|(?<![\w_])_(\S(?:[^_\n]*\S)?)_(?![\w_])|(?<![\w~])~(\S(?:[^~\n]*\S)?)~(?![\w~])|:([a-z][a-z0-9_+-]*):/;

function parseInline(text: string): Span[] {
  const match = INLINE.exec(text);
  if (!match) return plain(text);
  const [whole, code, reference, bold, italic, strike, emoji] = match;
  const before = plain(text.slice(0, match.index));
  const after = parseInline(text.slice(match.index + whole.length));
  return [...before, readMatch({ code, reference, bold, italic, strike, emoji }), ...after];
}

type Match = Partial<
  Record<'code' | 'reference' | 'bold' | 'italic' | 'strike' | 'emoji', string | undefined>
>;

function readMatch({ code, reference, bold, italic, strike, emoji }: Match): Span {
  if (code !== undefined) return { kind: 'code', text: unescapeText(code) };
  if (reference !== undefined) return parseReference(reference);
  if (bold !== undefined) return { kind: 'styled', style: 'bold', children: parseInline(bold) };
  if (italic !== undefined) return { kind: 'styled', style: 'italic', children: parseInline(italic) };
  if (strike !== undefined) return { kind: 'styled', style: 'strike', children: parseInline(strike) };
  return { kind: 'emoji', name: emoji ?? '' };
}

/** Inside a fence only links and mentions are special. */
function parseReferences(text: string): Span[] {
  return text
    .split(/(<[^<>\n]+>)/)
    .flatMap((piece) => (/^<.+>$/.test(piece) ? [parseReference(piece.slice(1, -1))] : plain(piece)));
}

function parseReference(reference: string): Span {
  const [target, label] = splitOnce(reference, '|');
  const id = target.slice(1);
  if (target.startsWith('@')) return { kind: 'mention', of: 'user', id };
  if (target.startsWith('#')) return { kind: 'mention', of: 'channel', id };
  if (target.startsWith('!subteam^'))
    return { kind: 'mention', of: 'usergroup', id: target.slice('!subteam^'.length) };
  if (target.startsWith('!date^')) return parseDate(target, label);
  if (target.startsWith('!')) return { kind: 'broadcast', label: id };
  const url = unescapeText(target);
  return { kind: 'link', url, label: unescapeText(label) || url.replace(/^mailto:/, '') };
}

function parseDate(target: string, fallback: string): Span {
  const [, timestamp = '0', format = ''] = target.split('^');
  return { kind: 'date', timestamp: Number(timestamp), format, fallback: unescapeText(fallback) };
}

const plain = (text: string): Span[] => (text === '' ? [] : [{ kind: 'text', text: unescapeText(text) }]);

/** Slack escapes just these three; `&amp;` last, so that `&amp;lt;` stays `&lt;`. */
export const unescapeText = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

function splitOnce(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + mark.length)];
}

const EMOJI: Record<string, string> = {
  white_check_mark: '✅',
  heavy_check_mark: '✔️',
  x: '❌',
  warning: '⚠️',
  rotating_light: '🚨',
  red_circle: '🔴',
  large_yellow_circle: '🟡',
  large_orange_circle: '🟠',
  large_green_circle: '🟢',
  white_circle: '⚪',
  large_blue_circle: '🔵',
  hourglass: '⌛',
  hourglass_flowing_sand: '⏳',
  mag: '🔍',
  eyes: '👀',
  lock: '🔒',
  no_entry: '⛔',
  information_source: 'ℹ️',
  question: '❓',
  grey_question: '❔',
  heavy_minus_sign: '➖',
  tada: '🎉',
  wrench: '🔧',
  memo: '📝',
  page_facing_up: '📄',
};

/** The status marks a bot needs; others keep their name in colons. */
export const emojiText = (name: string) => EMOJI[name] ?? `:${name}:`;
