import type { MrkdwnElement, PlainTextElement } from '@slack/types';

/** Control, bidirectional, zero-width and other unseen characters: they can hide or reorder what is shown. Keeps \t and \n. */
const UNSEEN = /[\p{Cf}\p{Default_Ignorable_Code_Point}]|(?![\t\n])\p{Cc}/gu;
const LONE_SURROGATE = /\p{Surrogate}/gu;
const LINE_BREAK = /\r\n?|[\u2028\u2029]/g;
const ELLIPSIS = '…';
/** Texts are cut here before anything else looks at them: a 1 MB line must not cost a regular expression's time. */
const PRECUT = 20_000;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** What a human can see of a text, and nothing else. */
export const visible = (text: string): string =>
  text.slice(0, PRECUT).replace(LINE_BREAK, '\n').replace(UNSEEN, '').replace(LONE_SURROGATE, '\ufffd');

/** Text from outside as mrkdwn that shows it literally, at most `max` long; never splits an entity or a character. */
export const literal = (text: string, max: number): string =>
  joinUpTo(visible(text), max, (char) => ENTITIES[char] ?? char);

/** As `literal`, whole, in as many parts as it takes. */
export function literalParts(text: string, max: number): string[] {
  const parts = [''];
  for (const char of visible(text)) {
    const shown = ENTITIES[char] ?? char;
    const last = parts.at(-1) ?? '';
    if (last.length + shown.length > max) parts.push(shown);
    else parts[parts.length - 1] = last + shown;
  }
  return parts;
}

/** As `literal`, on one line. */
export const line = (text: string, max: number): string => literal(text.replace(/\s+/g, ' ').trim(), max);

/** Text from outside as it is, for plain_text and rich_text, which Slack does not parse. */
export const plain = (text: string, max: number): string =>
  joinUpTo(disarm(visible(text)), max, (char) => char);

/** As `plain`, on one line. */
export const plainLine = (text: string, max: number): string => plain(text.replace(/\s+/g, ' ').trim(), max);

/** A block of code in mrkdwn: a fence inside would end it, so inner backticks become a look-alike. */
export const codeBlock = (escaped: string): string => `\`\`\`\n${escaped.replaceAll('`', 'ˋ')}\n\`\`\``;

/** Code in a line. Empty code would show bare backticks. */
export const code = (text: string, max: number): string => {
  const inner = line(text, max).replaceAll('`', 'ˋ');
  return inner === '' ? '' : `\`${inner}\``;
};

/** A name in bold: the characters that would end the bold are shown as they are. */
export const bold = (text: string, max: number): string => `*${line(text, max).replaceAll('*', '∗')}*`;

/** `verbatim`: Slack must not make links or mentions out of what it finds in the text. */
export const mrkdwn = (text: string): MrkdwnElement => ({ type: 'mrkdwn', text, verbatim: true });

export const plainText = (text: string, max: number): PlainTextElement => ({
  type: 'plain_text',
  text: plainLine(text, max) || '-',
  emoji: false,
});

const USER_ID = /^[UW][A-Z0-9]{2,}$/;

/** The only mention that we write: of a person whose id Slack gave us. Anything else is shown as text. */
export const mention = (user: string): string =>
  USER_ID.test(user) && user.length < 32 ? `<@${user}>` : line(user, 40);

const DAY_SECONDS = 24 * 60 * 60;

/**
 * A time in the reader's own zone, with UTC for clients that do not know the token. What lies a day or more from `now`
 * also says its date.
 */
export const readerTime = (iso: string, now = iso): string => {
  const seconds = Math.floor(Date.parse(iso) / 1000);
  if (!Number.isSafeInteger(seconds) || seconds < 0) return line(iso, 40);
  if (Math.abs(Date.parse(now) / 1000 - seconds) >= DAY_SECONDS)
    return `<!date^${seconds}^{date_short} {time_secs}|${iso.slice(0, 10)} ${utcTime(seconds)}>`;
  return `<!date^${seconds}^{time_secs}|${utcTime(seconds)}>`;
};

/** "02:53:07 UTC". */
export const utcTime = (seconds: number): string =>
  `${new Date(seconds * 1000).toISOString().slice(11, 19)} UTC`;

function joinUpTo(text: string, max: number, show: (char: string) => string): string {
  let shown = '';
  let cut = ''; // the longest prefix that leaves room for the ellipsis
  for (const char of text) {
    shown += show(char);
    if (shown.length > max) return max < 1 ? '' : `${cut}${ELLIPSIS}`;
    if (shown.length <= max - ELLIPSIS.length) cut = shown;
  }
  return shown;
}

/** Inside rich_text nothing is parsed; a word joiner after `<` makes sure that nothing could be, and changes no glyph. */
function disarm(text: string): string {
  return text.replace(/<(?=[!@#]|https?:|mailto:|tel:|slack:)/gi, '<\u2060');
}
