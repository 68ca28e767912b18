import type { Cause } from '../../model/cause.js';
import type { HttpAnswer } from '../../probes/http-answer.js';
import type { JournalLine } from '../../probes/shell/journal-lines.js';
import type { UnitJournal } from '../../probes/unit-journal.js';
import type { Observed, Quote } from '../define-check.js';
import { byManager } from '../host/last-run.js';
import { isBad, quoteAnswer } from './answers.js';
import { codeErrorIn } from './code-errors.js';
import { answeredWords } from './complaints.js';
import { quoteLines, recentLines } from './journal.js';
import { secondsBetween } from './time.js';

/** What a server says to the app when it speaks and will not serve, as clients pass it on (diagnosis 2.5, 2.6). */
type Refusal = { readonly cause: Cause; readonly who: string; readonly words: RegExp };

const REFUSALS: readonly Refusal[] = [
  {
    cause: 'database-connections',
    who: 'PostgreSQL has no connection for it',
    words:
      /too many clients already|remaining connection slots are reserved|too many connections for (?:role|database)/,
  },
  {
    cause: 'database-connections',
    who: 'PgBouncer has no connection for it',
    words: /query_wait_timeout|no more connections allowed/,
  },
  {
    cause: 'dependency',
    who: 'PgBouncer gets no connection to PostgreSQL',
    words: /server login (?:has been failing|failed)|server_login_retry|pgbouncer cannot connect to server/,
  },
  {
    cause: 'dependency',
    who: 'PostgreSQL is not ready',
    words: /the database system is (?:starting up|shutting down|in recovery mode|not (?:yet )?accepting)/,
  },
  {
    cause: 'dependency',
    who: 'PostgreSQL refuses its login',
    words:
      /password authentication failed for user|no pg_hba\.conf entry for|pg_hba\.conf rejects|(?:role|database) "[^"]*" does not exist|is not permitted to log in|is not currently accepting connections/,
  },
  {
    cause: 'dependency',
    who: 'PostgreSQL refuses to write',
    words: /cannot execute \w+(?: \w+)? in a read-only transaction|could not (?:extend|write to|create) file/,
  },
  {
    cause: 'dependency',
    who: 'PostgreSQL has no memory or disk left for it',
    // Classes 53100 and 53200 (PostgreSQL's errcodes.txt).
    words:
      /could not resize shared memory segment|(?<!workers are )\bout of shared memory\b|could not write to temporary file|temporary file size exceeds temp_file_limit/,
  },
  {
    cause: 'dependency',
    who: 'Redis refuses its login',
    words:
      /NOAUTH|WRONGPASS|invalid username-password pair|(?<!proxy )authentication required\b|\bNOPERM\b|this user has no permissions/i,
  },
  {
    cause: 'dependency',
    who: 'Redis refuses to write',
    words:
      /\bOOM command not allowed|command not allowed when used memory|\bREADONLY\b|against a read only replica|\bMISCONF\b|Redis is configured to save RDB|\bNOREPLICAS\b|Not enough good replicas/,
  },
  {
    cause: 'dependency',
    who: 'Redis is not ready',
    words:
      /\bLOADING\b|Redis is loading the dataset|\bMASTERDOWN\b|Link with MASTER is down|\bBUSY\b.*script|Redis is busy running|\bCLUSTERDOWN\b/,
  },
  {
    cause: 'dependency',
    who: 'Redis is set up otherwise than it expects',
    // `databases`; cluster mode, for a client that knows none.
    words:
      /\bDB index is out of range|\binvalid DB index\b|SELECT is not allowed in cluster mode|\bMOVED \d+ \S+:\d+|\bCROSSSLOT\b/,
  },
  { cause: 'dependency', who: 'Redis has no connection for it', words: /max number of clients reached/ },
  // After a restart, or SCRIPT FLUSH: whoever uses EVALSHA has to load it anew.
  {
    cause: 'dependency',
    who: 'Redis does not know its script any more',
    words: /\bNOSCRIPT No matching script|No matching script\. Please use EVAL/,
  },
];

/** A server's refusal, whoever passes it on: told by the checks that know it. */
export const isRefusal = (text: string): boolean => REFUSALS.some(({ words }) => words.test(text));

/** What happened at others, or for want of something of the host: told by the checks that look there. */
const OF_OTHERS =
  /tim(?:ed?|e)[ -]?out|deadline exceeded|refused|unreachable|unavailable|reset|E(?:CONN|TIMED|HOST|NET|AI_|NOTFOUND|PIPE)[A-Z]*|hang up|connect|fetch failed|resol(?:ve|ution)|host ?name|certificate|handshake|\b(?:SSL|TLS)\b|deadlock|\block|\bpool|too many|quota|\blimit|circuit|broken pipe|no space|open files|permission|forbidden|memory|SIGKILL|(?:status|code|HTTP\S*|answered|returned|got)\W{0,3}[45]\d\d\b|\b4\d\d Client Error/i;
export const tellsOfOthers = (text: string): boolean => isRefusal(text) || OF_OTHERS.test(text);

/** Longer ago the app has tried again since. */
const FRESH_SECONDS = 30;

export type Refused = {
  readonly who: string;
  readonly inAnswer: boolean;
  readonly quotes: readonly Quote[];
};

type Words = {
  readonly answers: readonly Observed<HttpAnswer>[];
  readonly journal: Observed<UnitJournal> | undefined;
  readonly now: string;
};

/** A proxy says these for an app that does not answer. */
const GATEWAY_STATUSES: readonly (number | null)[] = [null, 502, 504];

const ENDED = /^(?:Stopping|Stopped) |Main process exited|Deactivated successfully|Failed with result/;

/**
 * Who has answered since it was started anew, and written something, has tried again: what the process before it
 * complained of is over. The start itself is no border, for some say "Started" after they have spoken (`Type=notify`).
 */
export function ofThisProcess({ answers, journal }: Omit<Words, 'now'>): readonly Observed<UnitJournal>[] {
  if (journal === undefined) return [];
  if (answers.every(({ fact }) => GATEWAY_STATUSES.includes(fact.status))) return [journal];
  const { lines } = journal.fact;
  const end = lines.findLastIndex((line) => byManager(line) && ENDED.test(line.message));
  const since = lines.slice(end + 1);
  return since.some((line) => !byManager(line))
    ? [{ ...journal, fact: { ...journal.fact, lines: since } }]
    : [journal];
}

/**
 * What it complains of by now is something else, a rule or its own log says so: the line is of a trouble before. Its log
 * repeats as a rule what it answers, behind its own name.
 */
const tellsOfAnother = (body: string, rule: Refusal, newer: readonly JournalLine[]): boolean => {
  const said = body.replaceAll('\\"', '"');
  return (
    codeErrorIn(said) !== null ||
    REFUSALS.some((other) => other !== rule && other.words.test(said)) ||
    newer.some((line) => answeredWords(line, body) !== null)
  );
};

const since = (journals: readonly Observed<UnitJournal>[], at: string): JournalLine[] =>
  journals.flatMap(({ fact }) => fact.lines.filter((line) => line.at > at && !byManager(line)));

/** The app's own words on one host: in an answer that fails now, else in a fresh line of its log. */
export const refusalOf = (cause: Cause, words: Words): Refused | null => {
  const { answers, now } = words;
  const bad = answers.filter(({ fact }) => isBad(fact));
  if (bad.length === 0) return null;
  const journals = ofThisProcess(words);
  for (const rule of REFUSALS.filter((each) => each.cause === cause)) {
    const lines = recentLines(journals, rule.words, now);
    const last = lines.at(-1);
    const saying = bad.filter(({ fact }) => rule.words.test(fact.body));
    const fresh = last !== undefined && secondsBetween(last.at, now) <= FRESH_SECONDS;
    if (
      saying.length === 0 &&
      (!fresh || bad.every(({ fact }) => tellsOfAnother(fact.body, rule, since(journals, last.at))))
    )
      continue;
    return {
      who: rule.who,
      inAnswer: saying.length > 0,
      quotes: [...saying.map((from) => quoteAnswer(from, from.fact)).slice(0, 1), ...quoteLines(lines)],
    };
  }
  return null;
};
