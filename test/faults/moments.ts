import type { Random } from './random.js';

/** Where a change is held from outside, in the order in which it gets there. */
export type Moment =
  /** The host's `mkdir` of the ledger's entry is about to begin. */
  | 'entry'
  /** The entry is there; what was before is not written down yet. */
  | 'entry-made'
  /** The host is about to allow the effect. */
  | 'go'
  /** The program runs and has done nothing yet. */
  | 'effect'
  /** It has done it and still runs. */
  | 'effect-made'
  /** It has ended; the host is about to write that down. */
  | 'outcome'
  /** The host has written it down; the row in PostgreSQL is locked, so the worker cannot. */
  | 'record'
  /** The row tells all; Slack holds the message. */
  | 'post'
  /** Not held: a random instant after the press. */
  | 'random';

/** What a kill is counted as: by what ledger, row, effect file and thread show at that instant, never by what was meant. */
export const PHASES = [
  'before start',
  'before ledger',
  'after ledger',
  'during effect',
  'after effect',
  'before record',
  'before verify',
  'before post',
] as const;
export type Phase = (typeof PHASES)[number];

/** Those that every campaign has to hit; the other two come by chance. */
export const WANTED = {
  'before ledger': ['entry'],
  'after ledger': ['entry-made', 'go'],
  'during effect': ['effect', 'effect-made'],
  'after effect': ['outcome'],
  'before record': ['record'],
  'before post': ['post'],
} as const satisfies Partial<Record<Phase, readonly Moment[]>>;
export type WantedPhase = keyof typeof WANTED;

/** What becomes of the script on the host once its worker is gone: it goes on after a while, or it dies as well. */
export type Fate = { dies: boolean; afterMs: number };

const IN_A_RACE_MS = 40_000;
const SOON_MS = 8_000;

/**
 * What has not begun its effect may wait for as long as it likes: it races with the one who looks into it, and one of
 * them bars the other. What has begun is let go soon: while it is at it nobody can tell its end.
 */
export function fateOf(moment: Moment, random: Random): Fate {
  const waits = moment === 'entry' || moment === 'entry-made' || moment === 'go';
  const holdsAny = waits || moment === 'effect' || moment === 'effect-made' || moment === 'outcome';
  return { dies: holdsAny && random.next() < 0.25, afterMs: random.int(waits ? IN_A_RACE_MS : SOON_MS) };
}
