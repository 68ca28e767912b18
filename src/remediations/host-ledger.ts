import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { HostConnection } from '../clients/host-connection.js';
import { ClientError } from '../model/client-error.js';
import { type LedgerAsk, ledgerScript } from './ledger-script.js';

/** What the ledger of a host answered. */
export type LedgerAnswer =
  /** With the unit's state before and after where it reported an error. */
  | { result: 'done'; exitCode: number; output: string; before?: string; now?: string }
  /** It was not begun and can not begin any more, or it was refused before it began. */
  | { result: 'not-done' | 'taken' | 'too-late' | 'claimed' | 'running' | 'rebooted'; clock: number | null }
  | { result: 'changed' | 'no-ledger' | 'finished'; detail: string }
  /** Begun, without an outcome, and nobody is at it: the unit's state before and now tell. */
  | { result: 'open'; before: string; now: string };

const MAX_BYTES = 16 * 1024;
/** The client's own bound of a script on a host is 60 s; a change has to be through before that. */
export const RUN_LIMIT_SECONDS = 45;

const Word = z.enum([
  'done',
  'not-done',
  'taken',
  'too-late',
  'claimed',
  'running',
  'rebooted',
  'changed',
  'no-ledger',
  'finished',
  'open',
]);

/** Throws ClientError where the host did not answer: then nobody knows, and `look` has to tell later. */
export async function askLedger(
  connection: HostConnection,
  ask: Omit<LedgerAsk, 'nonce'>,
  signal: AbortSignal,
): Promise<LedgerAnswer> {
  const nonce = randomBytes(12).toString('hex');
  const { stdout, stderr } = await connection.runScript(ledgerScript({ ...ask, nonce }), {
    signal,
    maxBytes: MAX_BYTES,
  });
  return parseLedger(stdout, nonce, `${connection.host}: ${stderr.trim().slice(0, 200)}`);
}

/** Only lines with the nonce are the script's own; what the program printed stands behind `out`. */
export function parseLedger(stdout: string, nonce: string, where = ''): LedgerAnswer {
  const lines = stdout.split('\n').flatMap((line) => {
    const at = line.indexOf(`#${nonce} `);
    return at === -1 ? [] : [line.slice(at + nonce.length + 2)];
  });
  const all = (key: string): string[] =>
    lines.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  const [first = '', ...others] = (all('result').at(-1) ?? '').split(' ');
  const rest = others.join(' ');
  const word = Word.safeParse(first).data;
  switch (word) {
    case undefined:
      throw new ClientError('malformed', `the host's ledger gave no answer (${where})`);
    case 'done':
      return {
        ...{ result: word, exitCode: exitCodeOf(rest), output: all('out').join('\n') },
        ...(all('now').length === 0 ? {} : { before: all('before').join(' '), now: all('now').join(' ') }),
      };
    case 'open':
      return { result: word, before: all('before').join(' '), now: all('now').join(' ') };
    case 'changed':
    case 'no-ledger':
    case 'finished':
      return { result: word, detail: rest.trim() };
    default:
      return { result: word, clock: clockOf(all('clock')) };
  }
}

const clockOf = ([seconds = '']: string[]): number | null => (/^\d+$/.test(seconds) ? Number(seconds) : null);

function exitCodeOf(text: string): number {
  const code = /^\d{1,3}$/.exec(text.trim())?.[0];
  if (code === undefined)
    throw new ClientError('malformed', `the host's ledger names no exit status: ${text}`);
  return Number(code);
}
