/** C0, C1, what reorders text, and half characters: the database refuses some, a log or a screen obeys the others. */
const UNWANTED =
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]|\p{Cs}/gu;

/** An outsider's text as one line of harmless characters, cut at a length. */
export function plainText(text: string, max: number): string {
  // Cut first: what is cut away need not be looked at. A character may be two long, so twice the length is enough.
  const clean = text
    .slice(0, max * 2)
    .replaceAll(UNWANTED, ' ')
    .trim();
  return clean.length <= max ? clean : `${clean.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
