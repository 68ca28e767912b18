import { z } from 'zod';
import { defineHostProbe } from './define-probe.js';
import { JOURNAL_END, JOURNAL_FORMAT, JournalLine, parseJournal } from './shell/journal-lines.js';

/** Only lines of the last half hour that tell of exhaustion; empty is good. */
const KernelJournal = z.array(JournalLine);
export type KernelJournal = z.infer<typeof KernelJournal>;

const WANTED = [
  'out of memory',
  'oom-kill:',
  'table full',
  'consider tuning tcp_mem',
  'possible SYN flooding',
  'blocked for more than',
  'I/O error',
  'Remounting filesystem read-only',
  // What journalctl says of itself.
  '^-- ',
  'Hint:',
  'insufficient permissions',
  'No journal files',
  'not found',
];

export const kernelJournal = defineHostProbe({
  id: 'kernel-journal',
  fact: KernelJournal,
  source: () => 'journalctl -k --since=-30min',
  script: () =>
    `journalctl -k -n 500 --since=-30min ${JOURNAL_FORMAT} 2>&1 | { grep -iE '${WANTED.join('|')}' || echo '-- No entries --'; }${JOURNAL_END}`,

  parse: (output) => parseJournal('the kernel journal', output),
});
