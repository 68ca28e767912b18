import { z } from 'zod';
import { formatStoredRun, StoredRun } from '../../src/model/stored-run.js';

/** Of a journal the newest lines: the rest is bulk, which no verdict of a recording needs. */
const KEPT_LINES = 30;

const Journal = z.looseObject({ lines: z.array(z.unknown()) });

/** A stored run as it is kept in the repository. */
export const thinRun = (text: string): string => {
  const run = StoredRun.parse(JSON.parse(text));
  const readings = run.readings.map((reading) => {
    if (reading.status !== 'read' || reading.probe !== 'unit-journal') return reading;
    const journal = Journal.parse(reading.fact);
    return { ...reading, fact: { ...journal, lines: journal.lines.slice(-KEPT_LINES) } };
  });
  return formatStoredRun({ ...run, readings });
};
