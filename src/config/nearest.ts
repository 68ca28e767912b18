import { distance } from 'fastest-levenshtein';

/** Longer words than this are no typing mistakes, and comparing them would cost time. */
const MAX_LENGTH = 80;

/** The known words that `word` was probably meant to be, best first: a third of the letters may be wrong, and two swapped. */
export function nearest(word: string, known: Iterable<string>, limit = 3): string[] {
  if (word === '' || word.length > MAX_LENGTH) return [];
  const typed = word.toLowerCase();
  return [...known]
    .map((name) => ({ name, far: distanceOf(typed, name.toLowerCase()) }))
    .filter(({ name, far }) => far <= mistakes(Math.max(name.length, typed.length)))
    .sort((a, b) => a.far - b.far || a.name.localeCompare(b.name))
    .slice(0, limit)
    .map(({ name }) => name);
}

const mistakes = (length: number): number => (length <= 3 ? 1 : Math.max(2, Math.floor(length / 3)));

/** `api` was probably meant to be `api-prod`: a beginning or an end counts as one mistake. */
function distanceOf(typed: string, name: string): number {
  const part = typed.length >= 2 && (name.startsWith(typed) || name.endsWith(typed));
  return Math.min(distance(typed, name), part ? 1 : Infinity);
}

/** ` did you mean "health"?`, or nothing: ready to end a sentence with. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const [best] = nearest(word, known, 1);
  return best === undefined ? '' : ` did you mean "${best}"?`;
}
