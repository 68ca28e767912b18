import type { JournalLine } from '../../probes/shell/journal-lines.js';

/** An app's word of two syllables stands in any answer. Ours. */
const TELLING_CHARS = 12;

/** An app's log repeats as a rule what it answers, behind its own name: "shop: prices: the list is not there yet". */
export function answeredWords({ message }: JournalLine, body: string): string | null {
  const words = message.split(': ').at(-1)?.trim() ?? '';
  return words.length >= TELLING_CHARS && body.replaceAll('\\"', '"').includes(words) ? words : null;
}

export const isSameError = (one: string, other: string): boolean =>
  withoutNumbers(one) === withoutNumbers(other);

/** Numbers, addresses and the ids of requests and traces change from one request to the next. */
export const withoutNumbers = (text: string): string =>
  text.replace(/0x[\da-f]+|\b(?=[\da-f-]{0,40}\d)[\da-f][\da-f-]{7,}\b|\d+/gi, '#');
