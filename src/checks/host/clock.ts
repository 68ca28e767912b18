import type { HostClock } from '../../probes/host-clock.js';
import type { Observed } from '../define-check.js';

/** Milliseconds by the host's own clock, which its journal and units count by; by the worker's where it was not read. */
export const hostNow = (clock: Observed<HostClock> | undefined, now: string): number =>
  Date.parse(clock?.fact.now ?? now);

export const secondsSince = (at: string, nowMs: number): number => (nowMs - Date.parse(at)) / 1000;

/** "40 s", "12 min", "3 h", "9 days". */
export function formatSeconds(seconds: number): string {
  if (seconds < 90) return `${Math.round(Math.max(seconds, 0))} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

export const percent = (share: number): string => `${Math.round(share * 100)} %`;

export function formatBytes(bytes: number): string {
  const mebibytes = bytes / 2 ** 20;
  return mebibytes < 1024 ? `${Math.round(mebibytes)} MiB` : `${(mebibytes / 1024).toFixed(1)} GiB`;
}
