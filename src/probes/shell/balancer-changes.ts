import { z } from 'zod';

/** A member of the pool that HAProxy took out, or back, by its check. */
export const MemberChange = z.object({
  ageSeconds: z.number(),
  server: z.string(),
  to: z.enum(['down', 'up']),
  /** `Layer7 wrong status, code: 503`. */
  reason: z.string(),
  line: z.string(),
});
export type MemberChange = z.infer<typeof MemberChange>;

const MAX_LINE_CHARS = 1000;

/** Written to the log and to stderr, both of which the journal may hold; a line without a zone has no age. */
const CHANGE = /Server ([^\s/]+)\/(\S+) is (DOWN|UP), reason: ([^,.]{1,80}(?:, code: \d+)?)/;

/** `ageOf`: seconds; negative where that is not known. */
export const changesIn = (
  lines: readonly string[],
  pool: string,
  ageOf: (line: string) => number,
): z.input<typeof MemberChange>[] => {
  const seen = new Set<string>();
  return lines
    .flatMap((line) => {
      const [said, backend, server, to, reason] = CHANGE.exec(line) ?? [];
      const ageSeconds = ageOf(line);
      if (said === undefined || server === undefined || reason === undefined) return [];
      const second = `${said} ${String(Math.floor(ageSeconds))}`;
      if (backend !== pool || ageSeconds < 0 || seen.has(second)) return [];
      seen.add(second);
      const change = { ageSeconds, server, to: to === 'UP' ? ('up' as const) : ('down' as const), reason };
      return [{ ...change, line: line.slice(0, MAX_LINE_CHARS) }];
    })
    .toSorted((a, b) => b.ageSeconds - a.ageSeconds);
};
