import type { Service } from '../model/service.js';
import type { HttpAnswer } from '../probes/http-answer.js';
import { defineServiceCheck, type Observed } from './define-check.js';
import { isBad, quoteAnswer } from './evidence/answers.js';
import { blamedPart, type PartNames } from './evidence/blamed-part.js';
import { allOf, DEPENDENCY_FACTS, type Seen } from './evidence/dependencies.js';

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
  uses: ['appAnswer', 'healthAnswer', 'publicAnswer', ...DEPENDENCY_FACTS],

  evaluate({ appAnswer, healthAnswer, publicAnswer, ...dependencyFacts }, { service }) {
    // What users get may name it while the one answer of each host was good.
    const users = publicAnswer.flatMap((from) => from.fact.answers.map((fact) => ({ ...from, fact })));
    const answers = [...appAnswer, ...healthAnswer, ...users];
    if (answers.length === 0) return { status: 'skipped', reason: 'no answer of the app was read' };
    const bad = answers.filter(({ fact }) => isBad(fact) && fact.status !== null);
    const blamed = partsOf(service).flatMap(({ name, names }) => {
      const [first, ...rest] = bad.flatMap((from) => wordsIn(from, names));
      return first === undefined ? [] : [{ name, said: [first, ...rest] as const }];
    });
    const [first] = blamed;
    if (first === undefined) return { status: 'passed', summary: 'the app blames none of its dependencies' };
    const seen = allOf(dependencyFacts);
    return {
      status: 'failed',
      // By the app's word alone.
      confidence: 'likely',
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

const wordsIn = (
  from: Observed<HttpAnswer>,
  names: PartNames,
): { from: Observed<HttpAnswer>; words: string }[] => {
  const words = blamedPart(from.fact.body, names);
  return words === null ? [] : [{ from, words }];
};

const partsOf = ({ database, dependencies }: Service): { name: string; names: PartNames }[] =>
  [...(database === undefined ? [] : [{ name: 'database', kind: database.kind }]), ...dependencies].map(
    ({ name, kind }) => ({ name, names: new Set([name.toLowerCase(), ...(KIND_NAMES[kind] ?? [])]) }),
  );
