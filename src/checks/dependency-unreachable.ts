import { durationWords } from '../model/words.js';
import { defineServiceCheck } from './define-check.js';
import { allOf, DEPENDENCY_FACTS, quoteDependency, reachWords, type Seen } from './evidence/dependencies.js';

const KIND_WORDS: Readonly<Record<string, string>> = {
  'not-found': 'its name does not exist',
  refused: 'nothing listens there',
  timeout: 'no answer in time: a firewall, or its host is down',
  'no-route': 'there is no route to it',
  reset: 'it closes the connection',
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
    if (!failure) {
      const fastest = Math.min(...all.map(({ fact }) => fact.latencyMs));
      return {
        status: 'passed',
        summary: `${target.name} ${durationWords(fastest)}`,
      };
    }
    return {
      status: 'failed',
      confidence: 'confirmed',
      summary: `${target.name} (${first.fact.address}) is unreachable ${reachWords(cut, all)}: ${KIND_WORDS[failure.kind] ?? failure.message} (${failure.rung})`,
      evidence: quoteDependency(cut),
    };
  },
});

const isUnreachable = ({ fact: { failure } }: Seen): boolean =>
  failure !== null &&
  failure.kind !== 'certificate' &&
  (['dns', 'tcp', 'tls'].includes(failure.rung) || (failure.code === null && failure.kind === 'reset'));
