import type { Service } from '../model/service.js';
import type { HttpAnswer } from '../probes/http-answer.js';
import { defineServiceCheck, type Observed } from './define-check.js';
import { isBad, quoteAnswer } from './evidence/answers.js';
import { blamedPart, type PartNames } from './evidence/blamed-part.js';
import { allOf, DEPENDENCY_FACTS, placesOf, type Seen } from './evidence/dependencies.js';

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
  uses: ['appAnswer', 'healthAnswer', ...DEPENDENCY_FACTS],

  evaluate({ appAnswer, healthAnswer, ...dependencyFacts }, { service }) {
    const answers = [...appAnswer, ...healthAnswer];
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

/** The app may ask another address, or with another login, than the inventory knows: the next place to look. */
function asSeenHere(name: string, words: string, seen: readonly Seen[]): string {
  const asked = seen.filter(({ target }) => target.name === name);
  const [first] = asked;
  if (first === undefined || asked.some(({ fact }) => fact.failure !== null)) return '';
  const { address, details } = first.fact;
  const problem = details['certificateProblem'];
  return typeof problem === 'string' && /certificate/i.test(words)
    ? `; ${address} answers, and its certificate is not trusted here either: ${problem}`
    : `; asked at ${address} from ${placesOf(asked)}, it answers`;
}

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
