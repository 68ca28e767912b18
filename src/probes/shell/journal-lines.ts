import { z } from 'zod';
import { ClientError } from '../../model/client-error.js';
import { linesOf, refusal } from './refuse.js';

/** One entry of a journal; further lines of its message are joined by line ends. */
export const JournalLine = z.object({
  at: z.iso.datetime(),
  /** Who wrote it: `systemd` for the service manager itself. */
  process: z.string(),
  pid: z.int().nullable(),
  /** As its writer meant it: what a log in JSON escapes is undone. */
  message: z.string(),
  line: z.string(),
});
export type JournalLine = z.infer<typeof JournalLine>;

/** A message of more characters than this is cut. */
const MAX_MESSAGE = 2_000;

/**
 * Options that make a journal's output readable by `parseJournal`. Without -q: its hint tells what may not be read.
 * Newest first: with --since, journalctl (252) takes -n from the oldest line unless it goes backwards.
 */
export const JOURNAL_FORMAT = '-r --no-pager -o short-iso-precise';
/** Adds the name of the login, for the advice. The newest lines, which come first, survive the collector's cap. */
export const JOURNAL_END = ` 2>&1\necho "login \${USER:-$(id -un)}"`;

const ENTRY = /^(\d{4}-\d\d-\d\dT[\d:.]+)([+-]\d\d):?(\d\d) \S+ ([^[:]+?)(?:\[(\d+)\])?: (.*)$/;

/** Oldest first. */
export function parseJournal(what: string, output: { stdout: string; exitCode: number }): JournalLine[] {
  refuseDenied(what, output.stdout);
  const entries = parseEntries(linesOf(output.stdout));
  if (entries.length === 0 && /^No journal files were found/m.test(output.stdout)) {
    throw new ClientError('not-installed', `${what}: this host keeps no journal`);
  }
  if (entries.length === 0 && !/^-- (No entries|Journal begins|Logs begin)/m.test(output.stdout)) {
    throw refusal('journalctl', { ...output, stdout: output.stdout.replace(/^login .*$/m, '') });
  }
  return entries.reverse();
}

/** In the order of the lines; what is no entry and continues none is left out. */
export function parseEntries(lines: readonly string[]): JournalLine[] {
  const entries: JournalLine[] = [];
  for (const line of lines) {
    const entry = ENTRY.exec(line);
    const last = entries.at(-1);
    if (entry) entries.push(fromMatch(entry, line));
    else if (last && /^\s/.test(line) && last.message.length < MAX_MESSAGE) {
      last.message += `\n${line.trim()}`;
      last.line += `\n${line}`;
    }
  }
  return entries;
}

function fromMatch(entry: RegExpExecArray, line: string): JournalLine {
  const [, time = '', hours = '', minutes = '', process = '', pid, message = ''] = entry;
  return {
    at: new Date(`${time.slice(0, 23)}${hours}:${minutes}`).toISOString(),
    process,
    pid: pid === undefined ? null : Number(pid),
    message: unescaped(message.slice(0, MAX_MESSAGE)),
    line: line.slice(0, MAX_MESSAGE),
  };
}

const ESCAPED = /\\(?:u([\da-f]{4})|(["\\/nrtbf]))/gi;
const MEANT: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** What a database takes for no text: NUL, and half a character. */
const NO_TEXT = /\0|\p{Surrogate}/gu;

/** By its escapes alone: a long entry is cut, and no JSON any more. */
const unescaped = (message: string): string =>
  /^\{\s*"/.test(message)
    ? message
        .replace(ESCAPED, (_all, code: string | undefined, letter: string) =>
          code === undefined ? (MEANT[letter] ?? letter) : String.fromCharCode(parseInt(code, 16)),
        )
        .replace(NO_TEXT, '\uFFFD')
    : message;

/** journalctl answers an ordinary login with an empty list and a hint, not with an error. */
function refuseDenied(what: string, stdout: string): void {
  if (!/not seeing messages from other users|insufficient permissions/.test(stdout)) return;
  // It becomes part of a command that people copy: nothing but a plain name.
  const login = /^login ([\w.-]+)\$?$/m.exec(stdout)?.[1] ?? 'LOGIN';
  throw new ClientError(
    'denied',
    `${what} may not be read by ${login}; \`usermod -aG systemd-journal ${login}\` would allow it`,
  );
}
