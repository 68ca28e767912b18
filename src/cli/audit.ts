import { Command } from 'commander';
import type { RawEnv } from '../config/env.js';
import type { ChainHead } from '../model/audit.js';
import type { AuditStore } from '../store/audit.js';
import { EXIT, UsageError } from './exit-codes.js';
import { withStore } from './with-store.js';

/** What was asked, refused, agreed to, done, and what came of it. */
export const auditCommand = (raw: RawEnv): Command =>
  new Command('audit')
    .description('the trail of every change that was asked for')
    .addCommand(
      new Command('verify')
        .description(
          'check that no row was changed, taken out or cut off; exit status 65 names the first bad one',
        )
        .option('--head <seq:hash>', 'the end of the trail as it was noted elsewhere, as `verify` prints it')
        .action(async (options: { head?: string }) => {
          const noted = options.head === undefined ? undefined : parseHead(options.head);
          process.exitCode = await withAudit(raw, (audit) => verify(audit, noted));
        }),
    )
    .addCommand(
      new Command('export')
        .description('print every row, one JSON document a line')
        .option('--after <seq>', 'only rows after this one', '0')
        .action(async (options: { after: string }) => {
          process.exitCode = await withAudit(raw, (audit) => exportRows(audit, parseSeq(options.after)));
        }),
    );

async function verify(audit: AuditStore, noted: ChainHead | undefined): Promise<number> {
  const problem = await audit.verify(noted);
  if (problem !== null) {
    process.stderr.write(`diag503: the audit is not as it was written: ${problem.what}\n`);
    return EXIT.data;
  }
  const { seq, hash } = await audit.head();
  process.stdout.write(`${seq} rows, whole. Note the end somewhere else: ${seq}:${hash}\n`);
  return EXIT.healthy;
}

async function exportRows(audit: AuditStore, after: number): Promise<number> {
  let rows = await audit.after(after);
  while (rows.length > 0) {
    for (const row of rows) process.stdout.write(`${asciiJson(row)}\n`);
    rows = await audit.after(rows.at(-1)?.seq ?? 0);
  }
  return EXIT.healthy;
}

/** A terminal must not obey what stands in a row, and the line stays the same JSON. */
const asciiJson = (row: unknown): string =>
  JSON.stringify(row).replace(
    /[^\x20-\x7e]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

function parseHead(text: string): ChainHead {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined)
    throw new UsageError('--head: expected NUMBER:HASH as `diag503 audit verify` printed it');
  return { seq: Number(seq), hash };
}

function parseSeq(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new UsageError('--after: expected the number of a row');
  return Number(text);
}

const withAudit = (raw: RawEnv, work: (audit: AuditStore) => Promise<number>): Promise<number> =>
  withStore(raw, 'the audit', ({ audit }) => work(audit));
