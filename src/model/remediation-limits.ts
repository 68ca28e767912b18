import type { RemediationId } from './cause.js';
import type { RemediationState } from './remediation.js';
import { durationWords } from './words.js';

export type Limits = { coolDownMinutes: number; perDay: number };

/** Where the inventory does not say it. What costs running requests is rare; what takes back or sets aside may be repeated. */
export const DEFAULT_LIMITS: Readonly<Record<RemediationId, Limits>> = {
  'restart-service': { coolDownMinutes: 10, perDay: 3 },
  'start-service': { coolDownMinutes: 5, perDay: 5 },
  'reload-proxy': { coolDownMinutes: 5, perDay: 5 },
  'end-idle-sessions': { coolDownMinutes: 1, perDay: 20 },
  'drain-host': { coolDownMinutes: 1, perDay: 10 },
  'restore-host': { coolDownMinutes: 0, perDay: 20 },
  'roll-back': { coolDownMinutes: 10, perDay: 2 },
  'run-command': { coolDownMinutes: 10, perDay: 3 },
};

/** After that often without help the root is elsewhere, and the button would only hide it. */
const IN_VAIN = 2;

/** One that was begun in the last 24 hours, for the same service and of the same kind. */
export type EarlierUse = { state: RemediationState; startedAt: string };

/** Why it is not even offered, in words; null when it is. */
export function inVain(earlier: readonly EarlierUse[]): string | null {
  const times = earlier.filter(({ state }) => state === 'ineffective').length;
  return times < IN_VAIN
    ? null
    : `it was done ${times} times in the last 24 h and did not help: the cause is elsewhere`;
}

/** Why it may not be begun now, in words; null when it may. */
export function limitReached(earlier: readonly EarlierUse[], limits: Limits, nowMs: number): string | null {
  const withdrawn = inVain(earlier);
  if (withdrawn !== null) return withdrawn;
  if (earlier.length >= limits.perDay)
    return `it was begun ${earlier.length} times in the last 24 h, and ${limits.perDay} are allowed`;
  const last = Math.max(0, ...earlier.map(({ startedAt }) => Date.parse(startedAt)));
  const waitMs = last + limits.coolDownMinutes * 60_000 - nowMs;
  return waitMs > 0 && last > 0
    ? `it was begun ${durationWords(nowMs - last)} ago: it may be begun again in ${durationWords(waitMs)}`
    : null;
}
