import { durationWords } from '../model/words.js';
import { defineServiceCheck } from './define-check.js';
import { allOf, DEPENDENCY_FACTS, quoteDependency, reachWords, type Seen } from './evidence/dependencies.js';

const KIND_WORDS: Readonly<Record<string, string>> = {
  'not-found': 'its name does not exist',
  refused: 'nothing listens there',
  timeout: 'no answer in time: a firewall, its host is down, or whoever asks gets no address for its name',
  'no-route': 'there is no route to it',
  reset: 'it closes the connection',
};

const wordsFor = ({ rung, kind, message }: NonNullable<Seen['fact']['failure']>): string =>
  rung === 'dns' && kind === 'timeout' ? 'no name server answers' : (KIND_WORDS[kind] ?? message);

/** Others reach it in this very run: then it is there, and the way from these places is the matter. */
const fromHere = (failure: NonNullable<Seen['fact']['failure']>): string => {
  if (failure.kind === 'refused')
    return 'refused from there only: a firewall on the way, or its name leads elsewhere there';
  return failure.kind === 'timeout' ? 'no answer in time from there only' : wordsFor(failure);
};

/** No connection, by name, network or TLS. A certificate that ended has a check of its own. */
export const dependencyUnreachable = defineServiceCheck({
  id: 'dependency-unreachable',
  cause: 'dependency',
  title: 'Dependency is unreachable',
  refutedBy: 'a connection that opens, from every place asked',
  scope: 'dependency',
  needs: [],
  uses: DEPENDENCY_FACTS,

  evaluate(facts, { target }) {
    const all = allOf(facts);
    const cut = all.filter(isUnreachable);
    const [first] = cut;
    const failure = first?.fact.failure;
    if (!first || !failure) {
      const fastest = Math.min(...all.map(({ fact }) => fact.latencyMs));
      return {
        status: 'passed',
        summary: `${target.name} ${durationWords(fastest)}`,
      };
    }
    const { via } = first;
    return {
      status: 'failed',
      // Only where no host could look: a name that the worker does not know may be known where the service stands.
      confidence: via === 'worker' && failure.rung === 'dns' ? 'possible' : 'confirmed',
      summary: `${target.name} (${first.fact.address}) is unreachable ${reachWords(cut, all)}: ${cut.length < all.length ? fromHere(failure) : wordsFor(failure)} (${failure.rung})`,
      evidence: quoteDependency(cut),
    };
  },
});

const isUnreachable = ({ fact: { failure } }: Seen): boolean =>
  failure !== null &&
  failure.kind !== 'certificate' &&
  (['dns', 'tcp', 'tls'].includes(failure.rung) || (failure.code === null && failure.kind === 'reset'));
