import type { Cause } from '../model/cause.js';

/** Shares of 117 public cases (3.3). The last tie-break only: never enough to decide between two causes. */
export const PRIORS: Record<Cause, number> = {
  overload: 22,
  deployment: 16,
  'not-started': 14,
  'database-connections': 10,
  dependency: 10,
  routing: 9,
  'health-check': 9,
  deliberate: 7,
};

/** Hops from the user inwards: "closeness to the emitter" as a tie-break. */
export const CLOSENESS: Record<Cause, number> = {
  deliberate: 0,
  routing: 1,
  'health-check': 2,
  deployment: 3,
  'not-started': 4,
  overload: 5,
  'database-connections': 6,
  dependency: 7,
};
