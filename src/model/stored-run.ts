import { z } from 'zod';
import { Reading } from './reading.js';
import { Service } from './service.js';
import { HostReach } from './verdict.js';

/** Version of the file below; raised when a field changes its meaning or goes. */
export const STORED_RUN_VERSION = 1;

/** What a run read, and what it takes to judge that again without a network: what `diag503 run --save` writes. */
export const StoredRun = z.object({
  version: z.literal(STORED_RUN_VERSION),
  /** The inventory's entry, defaults filled in, without passwords. */
  service: Service,
  /** When it was judged first: ages are counted from here. */
  now: z.iso.datetime(),
  /** Left out by hand-made files. */
  run: z.object({ id: z.string(), startedAt: z.iso.datetime() }).optional(),
  hosts: z.array(HostReach),
  readings: z.array(Reading),
});
export type StoredRun = z.infer<typeof StoredRun>;

/** JSON with one reading a line: to be searched, and compared line by line. */
export const formatStoredRun = ({ readings, ...head }: StoredRun): string => {
  const lines = readings.map((reading) => JSON.stringify(reading)).join(',\n');
  const fields = Object.entries(head).flatMap(([key, value]) =>
    value === undefined ? [] : [`${JSON.stringify(key)}:${JSON.stringify(value)}`],
  );
  return `{${fields.join(',\n')},\n"readings":[\n${lines}\n]}\n`;
};
