import { z } from 'zod';
import { replay } from '../../src/diagnosis/replay.js';
import { formatStoredRun, StoredRun } from '../../src/model/stored-run.js';
import { compareVerdict } from '../scenarios/compare-verdict.js';
import type { ExpectedVerdict } from '../scenarios/expected-verdict.js';

/** Newest lines of a log to keep, and systemd's own of a journal; the fewest that may do first. */
const KEPT_LINES = [8, 30, Infinity];

/** The probes that read logs, and the field with the lines, oldest first. */
const LOGS: Readonly<Record<string, string>> = {
  'unit-journal': 'lines',
  'proxy-log': 'lines',
  'balancer-log': 'failed',
};
const Lines = z.array(z.looseObject({ process: z.string().nullish() }));

/**
 * A stored run as it is kept in the repository: without the bulk of its logs, as far as the verdict is the
 * expert's without it. Null where it is not the expert's at all.
 */
export const thinRun = (text: string, expected: ExpectedVerdict): string | null => {
  const run = StoredRun.parse(JSON.parse(text));
  const thin = KEPT_LINES.map((lines) => withLogs(run, lines)).find(
    (candidate) => compareVerdict(expected, replay(candidate)).length === 0,
  );
  return thin === undefined ? null : formatStoredRun(thin);
};

const withLogs = (run: StoredRun, keptLines: number): StoredRun => ({
  ...run,
  readings: run.readings.map((reading) => {
    const field = LOGS[reading.probe];
    if (reading.status !== 'read' || field === undefined) return reading;
    const fact = z.looseObject({}).parse(reading.fact);
    const lines = Lines.parse(fact[field]);
    const kept = lines.filter(
      ({ process }, place) => process === 'systemd' || place >= lines.length - keptLines,
    );
    return { ...reading, fact: { ...fact, [field]: kept } };
  }),
});
