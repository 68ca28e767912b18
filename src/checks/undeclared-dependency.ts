import type { HttpAnswer } from '../probes/http-answer.js';
import type { UnitJournal } from '../probes/unit-journal.js';
import { defineServiceCheck, type Observed, type Outcome, type Quote } from './define-check.js';
import { isBad, quoteAnswer } from './evidence/answers.js';
import { FRESH_SECONDS } from './evidence/journal.js';
import { isDeclared, peerIn, type Peer } from './evidence/named-peers.js';
import { ofThisProcess } from './evidence/refusals.js';
import { secondsBetween } from './evidence/time.js';

/**
 * Who runs a service may not have told of all that it needs; then no probe asks there, and the app's own words are the
 * only witness. What is declared has checks of its own, which ask it.
 */
export const undeclaredDependency = defineServiceCheck({
  id: 'undeclared-dependency',
  cause: 'dependency',
  title: 'Something that the app names, and nobody declared, is unreachable',
  refutedBy: 'an app that names nothing which it cannot reach',
  scope: 'service',
  needs: [],
  uses: ['healthAnswer', 'appAnswer', 'publicAnswer', 'unitJournal'],

  evaluate({ healthAnswer, appAnswer, publicAnswer, unitJournal }, { service, now }) {
    const inner = [...appAnswer, ...healthAnswer].map((from) => ({ from, answer: from.fact }));
    const outer = publicAnswer.flatMap((from) => from.fact.answers.map((answer) => ({ from, answer })));
    const bad = [...inner, ...outer].filter(({ answer }) => isBad(answer));
    if (bad.length === 0) return { status: 'passed', summary: 'the app answers well' };
    const since = unitJournal.flatMap((journal) => {
      const answers = [...appAnswer, ...healthAnswer].filter(
        ({ target }) => target.name === journal.target.name,
      );
      return ofThisProcess({ answers, journal });
    });
    const heard = [...bad.flatMap(fromAnswer), ...since.flatMap((from) => fromJournal(from, now))];
    const named = heard.filter(({ peer }) => !isDeclared(service, peer));
    return named.length === 0
      ? { status: 'passed', summary: 'the app names nothing that it cannot reach' }
      : told(named as [Named, ...Named[]]);
  },
});

type Named = { readonly peer: Peer; readonly quote: Quote };

function told(named: readonly [Named, ...Named[]]): Outcome {
  const [{ peer }] = named;
  const address = peer.port === null ? peer.host : `${peer.host}:${peer.port}`;
  return {
    status: 'failed',
    // By the app's word alone.
    confidence: 'likely',
    summary: `the app cannot reach ${address}, as it says itself; nobody declared it, so it was not asked`,
    evidence: firstOfEach(named),
  };
}

/** One quote from each place. */
const firstOfEach = (named: readonly Named[]): Quote[] =>
  [
    ...new Map(
      named.toReversed().map(({ quote }) => [`${quote.from.source} ${quote.from.via}`, quote]),
    ).values(),
  ]
    .toReversed()
    .slice(0, 4);

function fromAnswer({ from, answer }: { from: Observed<unknown>; answer: HttpAnswer }): Named[] {
  const peer = answer.status === null ? null : peerIn(answer.body);
  return peer === null ? [] : [{ peer, quote: quoteAnswer(from, answer) }];
}

function fromJournal(from: Observed<UnitJournal>, now: string): Named[] {
  const line = from.fact.lines.findLast(
    ({ at, message }) => secondsBetween(at, now) <= FRESH_SECONDS && peerIn(message) !== null,
  );
  const peer = line && peerIn(line.message);
  return line && peer ? [{ peer, quote: { from, excerpt: line.line } }] : [];
}
