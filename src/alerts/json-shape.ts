const MAX_DEPTH = 8;
const MAX_KEYS = 200;

/** The name by which a careless copy would reach what all objects share; no honest sender has it. */
const FORBIDDEN = '__proto__';

/** Names of the object that is open, or null for a list. */
type Level = Set<string> | null;

/**
 * What is wrong with the shape of a JSON text, or null. JSON.parse lets the last of two equal names win, and another
 * reader may take the first: what is judged and what is signed must not differ, so two equal names are refused. Whether
 * it is JSON at all is for JSON.parse to say.
 */
export function checkShape(text: string): string | null {
  const levels: Level[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') {
      const end = endOfString(text, at);
      const names = levels.at(-1);
      const problem = names && isName(text, end) ? addName(names, text.slice(at, end + 1)) : null;
      if (problem !== null) return problem;
      at = end;
    } else if (char === '{' || char === '[') {
      levels.push(char === '{' ? new Set() : null);
      if (levels.length > MAX_DEPTH) return `the body is nested more than ${MAX_DEPTH} deep`;
    } else if (char === '}' || char === ']') levels.pop();
  }
  return null;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

/** A string is a name when a colon follows it. */
function isName(text: string, end: number): boolean {
  for (let at = end + 1; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (!' \t\r\n'.includes(char)) return char === ':';
  }
  return false;
}

function addName(names: Set<string>, written: string): string | null {
  const name = unescaped(written);
  if (name === FORBIDDEN) return `the body has an object with the name ${FORBIDDEN}`;
  if (names.has(name)) return 'the body has an object with the same name twice';
  names.add(name);
  return names.size > MAX_KEYS ? `the body has an object with more than ${MAX_KEYS} names` : null;
}

/** `"\u0061"` is the same name as `"a"`. */
function unescaped(written: string): string {
  if (!written.includes('\\')) return written.slice(1, -1);
  try {
    return String(JSON.parse(written));
  } catch {
    return written; // no JSON: the parser will say so
  }
}
