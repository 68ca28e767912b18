import type { Facts } from '../probes/index.js';
import type { Observed, Quote } from './define-check.js';
import { defineHostCheck } from './define-check.js';
import { hostNow, percent } from './host/clock.js';
import { saidRecently } from './host/said.js';

/** Of the limit; the last few are needed for the next connection, log or library. */
const NEARLY_ALL = 0.95;
const SAID = /Too many open files|EMFILE|ENFILE|accept4?\(\) failed \(24|reached process FD limit/;

export const fileDescriptorsExhausted = defineHostCheck({
  id: 'file-descriptors-exhausted',
  cause: 'overload',
  title: 'File descriptors are used up',
  refutedBy: 'open files well below their limit, and no error about them',
  needs: ['unitProcesses'],
  uses: ['unitJournal', 'kernelTables', 'hostClock'],

  evaluate({ unitProcesses, unitJournal, kernelTables, hostClock }, { now }) {
    const fullest = fullestProcess(unitProcesses.fact);
    const said = saidRecently(unitJournal, SAID, hostNow(hostClock, now));
    const host = kernelTables && hostHandles(kernelTables);
    const unit = fullest && unitFiles(unitProcesses, fullest);
    const summary = host?.summary ?? (fullest === undefined ? UNCOUNTED : describe(fullest));
    const quotes = [said?.quote, unit, host?.quote].filter((quote) => quote !== undefined);
    if (quotes.length === 0) {
      return fullest === undefined ? { status: 'skipped', reason: summary } : { status: 'passed', summary };
    }
    return {
      status: 'failed',
      confidence: quotes.every((quote) => quote === unit) ? 'likely' : 'confirmed',
      summary,
      evidence: quotes,
      ...(said && { since: said.at }),
      remediations: ['restart-service'],
    };
  },
});

const unitFiles = (from: Observed<unknown>, process: Counted): Quote | undefined =>
  process.openFiles >= NEARLY_ALL * process.openFilesLimit ? { from, excerpt: describe(process) } : undefined;

const UNCOUNTED = 'open files of the service may not be counted';

type Counted = { pid: number; command: string; openFiles: number; openFilesLimit: number };

function fullestProcess({ processes }: Facts['unitProcesses']): Counted | undefined {
  return processes
    .flatMap(({ pid, command, openFiles, openFilesLimit }) =>
      openFiles === null || openFilesLimit === null ? [] : [{ pid, command, openFiles, openFilesLimit }],
    )
    .sort((a, b) => b.openFiles / b.openFilesLimit - a.openFiles / a.openFilesLimit)[0];
}

const describe = ({ pid, command, openFiles, openFilesLimit }: Counted): string =>
  `${openFiles} of ${openFilesLimit} files open (${percent(openFiles / openFilesLimit)}) in ${command} ${pid}`;

function hostHandles(tables: Observed<Facts['kernelTables']>): { summary: string; quote: Quote } | undefined {
  const { files, lines } = tables.fact;
  if (files.used < NEARLY_ALL * files.limit) return undefined;
  return {
    summary: `${files.used} of the host's ${files.limit} file handles are used`,
    quote: { from: tables, excerpt: lines.filter((line) => line.startsWith('file-nr')).join('\n') },
  };
}
