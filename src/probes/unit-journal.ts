import { z } from 'zod';
import { defineHostProbe, quote } from './define-probe.js';
import { findUnit, unitFileName } from './shell/find-unit.js';
import { JOURNAL_END, JOURNAL_FORMAT, JournalLine, parseJournal } from './shell/journal-lines.js';
import { unitOrRefuse } from './shell/unit-or-refuse.js';

const UnitJournal = z.object({
  unit: z.string(),
  /** Oldest first, at most the newest 200 of the last day. */
  lines: z.array(JournalLine),
});
export type UnitJournal = z.infer<typeof UnitJournal>;

const BOUNDS = '-n 200 --since=-24h';

export const unitJournal = defineHostProbe({
  id: 'unit-journal',
  fact: UnitJournal,
  runs: 'beside',
  source: ({ unit }) => `journalctl -u ${unit === undefined ? 'UNIT' : quote(unitFileName(unit))} -n 200`,
  script: (service) => `${findUnit(service)}
echo "unit $unit"
[ -n "$unit" ] || exit 0
journalctl -u "$unit" ${BOUNDS} ${JOURNAL_FORMAT}${JOURNAL_END}`,

  parse(output, service) {
    const unit = unitOrRefuse(output, service);
    return { unit, lines: parseJournal(`the journal of ${unit}`, output) };
  },
});
