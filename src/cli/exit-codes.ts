import type { VerdictStatus } from '../model/verdict.js';

/** 64, 65, 69, 70, 73 and 78 are those of sysexits.h; 130 and 143 are 128 + the signal, as shells count. */
export const EXIT = {
  healthy: 0,
  causeFound: 2,
  inconclusive: 3,
  usage: 64,
  data: 65,
  unavailable: 69,
  software: 70,
  cannotWrite: 73,
  config: 78,
  interrupted: 130,
  terminated: 143,
} as const;

export const exitCodeOf: Record<VerdictStatus, number> = {
  healthy: EXIT.healthy,
  'cause-found': EXIT.causeFound,
  inconclusive: EXIT.inconclusive,
  unreachable: EXIT.inconclusive,
};

/** Wrong usage: `message` says what was typed and what would be right. */
export class UsageError extends Error {}

/** A file that was read and is not what it should be: `message` names it, what is wrong, and the way out. */
export class DataError extends Error {}

/** A bot or worker that cannot start for a reason outside of it: a server that is down or unfit, a folder in use. */
export class StartError extends Error {}
