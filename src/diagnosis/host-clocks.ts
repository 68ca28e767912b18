import type { Reading } from '../model/reading.js';
import { hostClock } from '../probes/host-clock.js';

/** `date` of busybox knows whole seconds only. */
const RESOLUTION_MS = 1000;

/**
 * R12: how far each host's clock is ahead of ours (negative: behind), measured in the same exchange as everything else.
 * The host told its time at some moment of the reading, mostly at its end: what lies within the reading is no offset.
 * Hosts whose clock was not read are left out.
 */
export const clockOffsets = (readings: readonly Reading[]): ReadonlyMap<string, number> =>
  new Map(
    readings.flatMap((reading) => {
      if (reading.probe !== hostClock.id || reading.status !== 'read') return [];
      const parsed = hostClock.fact.safeParse(reading.fact);
      if (!parsed.success) return [];
      const ahead = Date.parse(parsed.data.now) - Date.parse(reading.at);
      const isRight = ahead <= RESOLUTION_MS && ahead + reading.durationMs >= -RESOLUTION_MS;
      return [[reading.target.name, isRight ? 0 : ahead] as const];
    }),
  );

/** A fact's times by the host's clock are named like this; what is quoted word for word is not. */
const TIME_KEY = /^(?:at|now|[a-z]\w*At)$/;

/** The same fact with its times as our clock would have told them, so that hosts compare with each other and with us. */
export const byOurClock = (fact: unknown, offsetMs: number): unknown => {
  if (Array.isArray(fact)) return fact.map((item) => byOurClock(item, offsetMs));
  if (typeof fact !== 'object' || fact === null) return fact;
  return Object.fromEntries(
    Object.entries(fact).map(([key, value]) => [
      key,
      TIME_KEY.test(key) && typeof value === 'string'
        ? shifted(value, offsetMs)
        : byOurClock(value, offsetMs),
    ]),
  );
};

const shifted = (time: string, offsetMs: number): string => {
  const at = Date.parse(time);
  return Number.isNaN(at) ? time : new Date(at - offsetMs).toISOString();
};
