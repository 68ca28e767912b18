import type { HttpAnswer } from '../../probes/http-answer.js';
import type { Release } from '../../probes/release.js';
import type { JournalLine } from '../../probes/shell/journal-lines.js';
import type { UnitJournal } from '../../probes/unit-journal.js';
import type { Observed, Outcome } from '../define-check.js';
import { byManager } from '../host/last-run.js';
import { isBad, isServed, quoteAnswer } from './answers.js';
import { codeErrorIn } from './code-errors.js';
import { isSameError } from './complaints.js';
import { tellsOfOthers } from './refusals.js';
import { secondsBetween } from './time.js';

/** Our own question met it just now. */
const FRESH_SECONDS = 30;
/**
 * Parts of a program that do not fit together: a name that one file uses and another does not have. What data, a setting
 * or an extension of PHP that is not installed can bring about (`KeyError`, `WRONGTYPE`, `curl_init`) is not among them.
 */
const MISFIT =
  /undefined function (?!curl_|mb_|image|intl|bc[a-z]|mysqli?_|pg_|apcu?_|openssl_|xml|simplexml|iconv|redis|gz)|undefined method|\bNoMethodError\b|uninitialized constant|\b(?:AttributeError|NameError|ImportError|ModuleNotFoundError|TemplateNotFound|TemplateDoesNotExist|NoReverseMatch|ReferenceError)\b|NoSuchMethodError|NoClassDefFoundError/;
/** Of an object that is not there, or another one, as when what should have brought it failed. */
const OF_NOTHING =
  /'(?:NoneType|str|dict|list|tuple|int|float|bytes|bool)' object|failed to map segment|\bfor nil\b|\bof (?:null|undefined)\b|\bon null\b/;

type Facts = {
  readonly release: readonly Observed<Release>[];
  readonly appAnswer: readonly Observed<HttpAnswer>[];
  readonly unitJournal: readonly Observed<UnitJournal>[];
};

/**
 * All hosts bear the name of one release, and only some of them fail, with an error that their peers, asked the same, do not
 * have: files were copied to some, or to them in part. Null where nothing says so.
 */
export function codeDiffers({ release, appAnswer, unitJournal }: Facts, now: string): Outcome | null {
  const answered = appAnswer.filter(({ target }) => release.some((each) => each.target.name === target.name));
  const well = answered.filter(({ fact }) => isServed(fact)).map(({ target }) => target.name);
  const sick = answered.filter(({ fact }) => isBad(fact) && fact.status !== null);
  const [first] = sick;
  if (well.length === 0 || first === undefined) return null;
  const erring = sick.flatMap(({ target: { name } }) =>
    unitJournal
      .filter(({ target }) => target.name === name)
      .flatMap((journal) => lastMisfit(journal, now) ?? []),
  );
  const [error] = erring;
  const peers = unitJournal.filter(({ target }) => well.includes(target.name));
  if (error === undefined || erring.length < sick.length || peers.length < well.length) return null;
  if (!peers.every(({ fact }) => isClear(fact, error))) return null;
  const names = sick.map(({ target }) => target.name).join(', ');
  return {
    status: 'failed',
    confidence: 'likely',
    summary: `${names} ${sick.length === 1 ? 'fails' : 'fail'} with an error of code that ${well.join(', ')}, on the same release by name, ${well.length === 1 ? 'does' : 'do'} not have: ${error.words}`,
    evidence: [
      ...erring.map(({ from, line }) => ({ from, excerpt: line.line })),
      quoteAnswer(first, first.fact),
    ],
  };
}

function lastMisfit(
  from: Observed<UnitJournal>,
  now: string,
): { from: Observed<UnitJournal>; line: JournalLine; words: string } | null {
  const fresh = from.fact.lines.filter(
    (each) => !byManager(each) && secondsBetween(each.at, now) <= FRESH_SECONDS,
  );
  if (fresh.some(({ message }) => tellsOfOthers(message))) return null;
  const line = fresh.findLast(({ message }) => MISFIT.test(message) && !OF_NOTHING.test(message));
  const words = line === undefined ? null : codeErrorIn(line.message);
  return line === undefined || words === null ? null : { from, line, words };
}

/** The probe reads so many lines: a peer that logs more tells of a shorter time. */
const MAX_LINES = 200;
const isClear = ({ lines }: UnitJournal, { line, words }: { line: JournalLine; words: string }): boolean =>
  (lines.length < MAX_LINES || (lines[0]?.at ?? '') < line.at) &&
  !lines.some(({ message }) => isSame(message, words));

const isSame = (message: string, words: string): boolean => {
  const own = codeErrorIn(message);
  return own !== null && isSameError(own, words);
};
