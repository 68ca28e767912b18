/** How a part of the service is called in its own health answer: the dependency's name, and usual words for its kind. */
export type PartNames = ReadonlySet<string>;

/** Words of libraries for a part that is well: Spring Boot, MicroProfile, ASP.NET, RFC draft health+json, Rails, Go. */
const WELL =
  /^(?:ok|okay|up|pass|passed|passing|healthy|available|alive|connected|ready|green|success|true|running|warn|degraded|\d+(?:\.\d+)?\s*(?:ms|s)?)$/i;
const TROUBLE =
  /\b(?:fail(?:ed|ing|ure|s)?|down|error|errors|unavailable|unreachable|unhealthy|refused|timed?[ -]?out|timeout|expired|exception|invalid|lost|closed|dead)\b/i;
/** Where libraries put the word for one part. */
const STATE_KEYS = ['status', 'state', 'health', 'healthy', 'ok', 'result', 'outcome'];
const ERROR_KEYS = ['error', 'errors', 'message', 'detail', 'reason', 'exception', 'output'];
const NAME_KEYS = ['name', 'component', 'id', 'service', 'check'];
const MAX_DEPTH = 5;

/** What a failing answer says of one part, in its own words; null where it says nothing, or that the part is well. */
export function blamedPart(body: string, names: PartNames): string | null {
  const text = body.trim();
  if (/^[{[]/.test(text)) return inJson(text, names);
  if (text.startsWith('<')) return null;
  return text.split('\n').find((line) => isBlamedIn(line, names)) ?? null;
}

const inJson = (text: string, names: PartNames): string | null => {
  try {
    return search(JSON.parse(text), names, 0);
  } catch {
    return null; // cut off, or no JSON: what it says of the part may stand beyond
  }
};

function search(value: unknown, names: PartNames, depth: number): string | null {
  if (depth > MAX_DEPTH || typeof value !== 'object' || value === null) return null;
  if (!Array.isArray(value) && isNamedHere(value, names)) return troubleOf(value);
  for (const [key, item] of Object.entries(value)) {
    const found =
      !Array.isArray(value) && isName(key, names) ? troubleOf(item) : search(item, names, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

const isName = (word: string, names: PartNames): boolean => names.has(word.toLowerCase());

const isNamedHere = (value: object, names: PartNames): boolean =>
  Object.entries(value).some(
    ([key, word]) => NAME_KEYS.includes(key) && typeof word === 'string' && isName(word, names),
  );

/** In a failing answer a part's own text that is no word for "well" is what is wrong with it. */
function troubleOf(item: unknown): string | null {
  if (typeof item === 'boolean') return item ? null : 'false';
  if (typeof item === 'string') return item.trim() === '' || WELL.test(item.trim()) ? null : item.trim();
  if (Array.isArray(item)) return item.map(troubleOf).find((trouble) => trouble !== null) ?? null;
  return typeof item === 'object' && item !== null ? troubleIn(item) : null;
}

function troubleIn(part: object): string | null {
  const entries = new Map(Object.entries(part).map(([key, word]) => [key.toLowerCase(), word as unknown]));
  const states = STATE_KEYS.filter((key) => entries.has(key)).map((key) => troubleOf(entries.get(key)));
  if (states.length > 0 && states.every((state) => state === null)) return null;
  const words = ERROR_KEYS.map((key) => entries.get(key)).find(isText);
  return words ?? states.find((state) => state !== null) ?? null;
}

const isText = (word: unknown): word is string => typeof word === 'string' && word !== '';

const isBlamedIn = (line: string, names: PartNames): boolean =>
  TROUBLE.test(line) &&
  line
    .toLowerCase()
    .split(/[^a-z0-9._-]+/)
    .some((word) => names.has(word));
