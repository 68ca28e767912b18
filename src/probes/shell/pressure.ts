import { z } from 'zod';

/** One line of /proc/pressure: percent of the last 10, 60 and 300 seconds (docs.kernel.org/accounting/psi). */
export const Pressure = z.object({ avg10: z.number(), avg60: z.number(), avg300: z.number() });
export type Pressure = z.infer<typeof Pressure>;

export function parsePressure(line: string): Pressure {
  const value = (name: string): number => Number(new RegExp(`${name}=([0-9.]+)`).exec(line)?.[1]);
  return { avg10: value('avg10'), avg60: value('avg60'), avg300: value('avg300') };
}
