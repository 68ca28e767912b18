import { z } from 'zod';
import { replay } from '../../src/diagnosis/replay.js';
import { formatStoredRun, StoredRun } from '../../src/model/stored-run.js';
import { compareVerdict } from '../scenarios/compare-verdict.js';
import type { ExpectedVerdict } from '../scenarios/expected-verdict.js';

/** Newest lines of a journal to keep beside systemd's own, the fewest that may do first. */
const KEPT_LINES = [8, 30, Infinity];

const Journal = z.looseObject({ lines: z.array(z.looseObject({ process: z.string().nullish() })) });

/**
 * A stored run as it is kept in the repository: without the bulk of its journals, as far as the verdict is the
 * expert's without it. Null where it is not the expert's at all.
 */
export const thinRun = (text: string, expected: ExpectedVerdict): string | null => {
  const run = StoredRun.parse(JSON.parse(text));
  const thin = KEPT_LINES.map((lines) => withJournals(run, lines)).find(
    (candidate) => compareVerdict(expected, replay(candidate)).length === 0,
  );
  return thin === undefined ? null : formatStoredRun(thin);
};

const withJournals = (run: StoredRun, keptLines: number): StoredRun => ({
  ...run,
  readings: run.readings.map((reading) => {
    if (reading.status !== 'read' || reading.probe !== 'unit-journal') return reading;
    const journal = Journal.parse(reading.fact);
    const isKept = (process: string | null | undefined, place: number): boolean =>
      process === 'systemd' || place >= journal.lines.length - keptLines;
    const lines = journal.lines.filter(({ process }, place) => isKept(process, place));
    return { ...reading, fact: { ...journal, lines } };
  }),
});
