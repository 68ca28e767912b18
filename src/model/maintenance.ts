import { z } from 'zod';

const WEEKLY = /^(mon|tue|wed|thu|fri|sat|sun) ([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/;
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const Moment = z.iso.datetime({
  offset: true,
  error: 'must be a time such as 2026-12-01T22:00:00Z, with its zone',
});

/** When a service is worked on, once or every week. Weekly times are UTC; an end before its begin is the next day's. */
export const MaintenanceWindow = z.union([
  z
    .strictObject({
      from: Moment.describe('When it begins, such as 2026-12-01T22:00:00Z.'),
      until: Moment.describe('When it ends.'),
    })
    .refine(({ from, until }) => Date.parse(from) < Date.parse(until), { message: 'ends before it begins' }),
  z.strictObject({
    weekly: z
      .string()
      .regex(WEEKLY, 'must be a day and two times in UTC, such as "sun 02:00-04:00"')
      .describe('Every week: a day and two times in UTC, such as "sun 02:00-04:00".'),
  }),
]);
export type MaintenanceWindow = z.infer<typeof MaintenanceWindow>;

export const Maintenance = z
  .array(MaintenanceWindow)
  .max(50)
  .describe('When it is worked on: alerts are counted then, and nobody is told.');

/** When the window that is open now ends, the latest of several; null: none is open. */
export function maintenanceUntil(windows: readonly MaintenanceWindow[], now: number): string | null {
  const ends = windows.map((window) => endOf(window, now)).filter((end) => end !== null);
  return ends.length === 0 ? null : new Date(Math.max(...ends)).toISOString();
}

function endOf(window: MaintenanceWindow, now: number): number | null {
  if (!('weekly' in window)) {
    const end = Date.parse(window.until);
    return Date.parse(window.from) <= now && now < end ? end : null;
  }
  const [, day = '', fromHour, fromMinute, hour, minute] = WEEKLY.exec(window.weekly) ?? [];
  const midnight = Math.floor(now / DAY_MS) * DAY_MS;
  const daysAgo = (new Date(now).getUTCDay() - DAYS.indexOf(day) + 7) % 7;
  const at = (hours = '0', minutes = '0'): number =>
    midnight - daysAgo * DAY_MS + (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
  const from = at(fromHour, fromMinute);
  const until = at(hour, minute) <= from ? at(hour, minute) + DAY_MS : at(hour, minute);
  return from <= now && now < until ? until : null;
}
