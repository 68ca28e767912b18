/**
 * Whether all of a text fits a pattern in which `*` stands for any text, `?` for one character, and `\` takes the
 * meaning from what follows. Only the latest `*` is ever tried again, so the work is bounded by the two lengths
 * multiplied: no pattern, and no text that a sender chooses, can make it take longer.
 */
export function fitsGlob(pattern: string, text: string): boolean {
  const wanted = tokens(pattern);
  const given = Array.from(text);
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let next = 0; next < given.length;) {
    const token = wanted[at];
    if (token === ANY) {
      star = at++;
      resume = next;
    } else if (token === ONE || (token !== undefined && token === given[next])) {
      at += 1;
      next += 1;
    } else if (star >= 0) {
      at = star + 1;
      next = ++resume;
    } else return false;
  }
  return wanted.slice(at).every((token) => token === ANY);
}

const ANY = Symbol('any text');
const ONE = Symbol('one character');

function tokens(pattern: string): (string | symbol)[] {
  const found: (string | symbol)[] = [];
  const chars = Array.from(pattern);
  for (let index = 0; index < chars.length; index += 1) {
    const char = chars[index] ?? '';
    const escaped = char === '\\' ? chars[index + 1] : undefined;
    if (escaped !== undefined) {
      found.push(escaped);
      index += 1;
    } else found.push(char === '*' ? ANY : char === '?' ? ONE : char);
  }
  return found;
}
