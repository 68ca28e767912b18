import type { Dependency, Service } from '../model/service.js';
import type { HttpAnswer } from '../probes/http-answer.js';
import { defineServiceCheck, type Observed } from './define-check.js';
import { isBad, quoteAnswer } from './evidence/answers.js';
import { blamedPart, type PartNames } from './evidence/blamed-part.js';
import { clientErrorIn } from './evidence/client-errors.js';
import { codeErrorIn } from './evidence/code-errors.js';
import { allOf, DEPENDENCY_FACTS, type Seen } from './evidence/dependencies.js';
import { seenByBoth } from './evidence/seen-by-both.js';
import { secondsBetween } from './evidence/time.js';

/** What health answers call a part whatever its name in the inventory. "http" and "tcp" are called nothing. */
const KIND_NAMES: Readonly<Record<string, readonly string[]>> = {
  postgres: ['database', 'db', 'postgres', 'postgresql'],
  redis: ['redis'],
};
const SHOWN_CHARS = 160;

/**
 * Only the app knows what it expects of a dependency: one that answers, and not what the app can use, looks well to
 * everybody else. Whatever the dependency or the database itself shows stands before the app's word in the chain.
 */
export const appBlamesDependency = defineServiceCheck({
  id: 'app-blames-dependency',
  cause: 'dependency',
  title: 'The app blames a dependency',
  refutedBy: 'an answer of the app that names no part of it as failing',
  scope: 'service',
  needs: [],
  uses: ['appAnswer', 'healthAnswer', 'publicAnswer', 'release', 'unitJournal', ...DEPENDENCY_FACTS],

  evaluate({ appAnswer, healthAnswer, publicAnswer, release, unitJournal, ...dependencyFacts }, given) {
    const { service, now } = given;
    // What users get may name it while the one answer of each host was good.
    const users = publicAnswer.flatMap((from) => from.fact.answers.map((fact) => ({ ...from, fact })));
    const answers = [...appAnswer, ...healthAnswer, ...users];
    if (answers.length === 0) return { status: 'skipped', reason: 'no answer of the app was read' };
    const bad = answers.filter(({ fact }) => isBad(fact) && fact.status !== null);
    const isOldCode = release.length > 0 && release.every(({ fact }) => isOld(fact.changedAt, now));
    const all = partsOf(service);
    const blamed = all.flatMap((part) => {
      const [first, ...rest] = bad.flatMap((from) => wordsIn(from, part, { all, isOldCode }));
      return first === undefined ? [] : [{ name: part.name, said: [first, ...rest] as const }];
    });
    const [first] = blamed;
    const seen = allOf(dependencyFacts);
    if (first === undefined)
      return (
        (bad.length === 0 ? null : seenByBoth(seen, unitJournal, now)) ?? {
          status: 'passed',
          summary: 'the app blames none of its dependencies',
        }
      );
    return {
      status: 'failed',
      // By the app's word alone; a table may be missing since a start that came long after the release.
      confidence: blamed.every(({ said }) => said.every(({ isGuess }) => isGuess)) ? 'possible' : 'likely',
      summary: blamed
        .map(
          ({ name, said }) =>
            `the app says that ${name} fails: ${said[0].words.replace(/\s+/g, ' ').slice(0, SHOWN_CHARS)}${asSeenHere(name, said[0].words, seen)}`,
        )
        .join('; '),
      evidence: first.said.slice(0, 3).map(({ from }) => quoteAnswer(from, from.fact)),
    };
  },
});

/**
 * The app may ask another address, or with another login, than the inventory knows: the next place to look. Without
 * address and hosts, which others would be taken for named by.
 */
function asSeenHere(name: string, words: string, seen: readonly Seen[]): string {
  const asked = seen.filter(({ target }) => target.name === name);
  if (
    asked.length === 0 ||
    asked.some(({ fact }) => fact.failure !== null || isErring(fact.details['status']))
  )
    return '';
  const problem = asked[0]?.fact.details['certificateProblem'];
  return typeof problem === 'string' && /certificate/i.test(words)
    ? '; it answers, and its certificate is not trusted here either'
    : '; asked as the inventory names it, it answers';
}

const isErring = (status: unknown): boolean => typeof status === 'number' && status >= 400;

type Part = {
  readonly name: string;
  readonly names: PartNames;
  readonly kind: Dependency['kind'];
  /** Whoever has two of a kind is not told apart by its client's words. */
  readonly isOnlyOne: boolean;
};

type Words = { readonly from: Observed<HttpAnswer>; readonly words: string; readonly isGuess: boolean };

/** The app names the part; or it names none, and its client library's words tell what kind of server it is. */
const wordsIn = (
  from: Observed<HttpAnswer>,
  { names, kind, isOnlyOne }: Part,
  { all, isOldCode }: { all: readonly Part[]; isOldCode: boolean },
): Words[] => {
  const { body } = from.fact;
  const named = blamedPart(body, names);
  if (named !== null) return [{ from, words: named, isGuess: false }];
  // A page in HTML may be a proxy's.
  const isOpen = isOnlyOne && !body.trim().startsWith('<') && !all.some((part) => isKeyIn(body, part.names));
  if (!isOpen) return [];
  const told = clientErrorIn(kind, body);
  if (told !== null) return [{ from, words: told, isGuess: false }];
  const lost = isOldCode ? lostSchemaIn(kind, body) : null;
  return lost === null ? [] : [{ from, words: lost, isGuess: true }];
};

const isKeyIn = (body: string, names: PartNames): boolean => {
  const text = body.toLowerCase();
  return [...names].some((name) => text.includes(`"${name}":`) || text.includes(`"${name}" :`));
};

/** Ours: a release that served for an hour found its tables there. What it misses now was taken away, or is not looked for where it is. */
const OLD_SECONDS = 60 * 60;
const isOld = (changedAt: string | null, now: string): boolean =>
  changedAt !== null && secondsBetween(changedAt, now) >= OLD_SECONDS;

const lostSchemaIn = (kind: Part['kind'], body: string): string | null => {
  if (kind !== 'postgres') return null;
  const error = codeErrorIn(body.replaceAll('\\"', '"'));
  return error !== null && /^(?:relation|column|schema) .*does not exist$/i.test(error) ? error : null;
};

function partsOf({ database, dependencies }: Service): Part[] {
  const all = [
    ...(database === undefined ? [] : [{ name: 'database', kind: database.kind }]),
    ...dependencies,
  ];
  return all.map(({ name, kind }) => ({
    name,
    kind,
    names: new Set([name.toLowerCase(), ...(KIND_NAMES[kind] ?? [])]),
    isOnlyOne: all.filter((other) => other.kind === kind).length === 1,
  }));
}
