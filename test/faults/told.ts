/** What a thread says of a change, in classes that can be compared with what was really done. */
export type Told = 'done' | 'not done' | 'unknown';

/** Null: it does not speak of an end. */
export function toldIn(text: string): Told | 'not known yet' | null {
  if (text.includes('what became of it is not known yet')) return 'not known yet';
  if (text.includes('it is *not known* whether it was done')) return 'unknown';
  if (text.includes('*what became of it is not known*')) return 'unknown';
  if (/was \*not done\*|nothing was done|\*had no effect\*/.test(text)) return 'not done';
  return DONE.test(text) ? 'done' : null;
}

const DONE =
  / is back: |\*did not help\*|was done \*only in part\*|was done and \*failed\*|whether it helped is \*not known\*|only for a while/;

/** Whoever is told that nobody knows is told the truth either way. */
export const isTrue = (told: Told, effects: number): boolean =>
  told === 'unknown' || (told === 'done' ? effects === 1 : effects === 0);
