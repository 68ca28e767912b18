/** 24 hours: by then a time of day alone no longer tells the day. */
const DAY_MS = 24 * 60 * 60 * 1000;

/** "02:53:07" in the reader's zone; what began a day or more before `now` also says its date. */
export function localClock(iso: string, now: string): string {
  const at = new Date(iso);
  const time = at.toLocaleTimeString('en-GB', { hourCycle: 'h23' });
  const isOld = Math.abs(Date.parse(now) - at.getTime()) >= DAY_MS;
  return isOld ? `${at.toLocaleDateString('sv-SE')} ${time}` : time;
}
