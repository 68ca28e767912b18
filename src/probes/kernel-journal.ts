import { z } from 'zod';
import { defineHostProbe } from './define-probe.js';
import { JOURNAL_END, JOURNAL_FORMAT, JournalLine, parseJournal } from './shell/journal-lines.js';

/** Only lines of the last half hour that tell of exhaustion; empty is good. */
const KernelJournal = z.array(JournalLine);
export type KernelJournal = z.infer<typeof KernelJournal>;

const WANTED =
  /out of memory|oom-kill:|table full|consider tuning tcp_mem|possible SYN flooding|blocked for more than|I\/O error|Remounting filesystem read-only/i;

export const kernelJournal = defineHostProbe({
  id: 'kernel-journal',
  fact: KernelJournal,
  runs: 'beside',
  source: () => 'journalctl -k --since=-30min',
  /** Sorted out here: on a host in trouble another process costs more than some kilobytes. */
  script: () => `journalctl -k -n 500 --since=-30min ${JOURNAL_FORMAT}${JOURNAL_END}`,

  parse: (output) => parseJournal('the kernel journal', output).filter(({ line }) => WANTED.test(line)),
});
