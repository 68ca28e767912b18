import type { HostJournal } from '../probes/host-journal.js';
import type { HttpAnswer } from '../probes/http-answer.js';
import type { UnitJournal } from '../probes/unit-journal.js';
import { defineServiceCheck, type Observed, type Quote } from './define-check.js';
import { isBad, quoteAnswer } from './evidence/answers.js';
import { isLocal, peerIn } from './evidence/named-peers.js';
import { unitsDown, type UnitDown } from './evidence/units-down.js';
import { byManager } from './host/last-run.js';
import { secondsBetween } from './evidence/time.js';

/** What a client says of a socket whose other end is gone, in the kernel's words (errno 104, 111, 32, 2). */
const LOST =
  /Connection refused|ECONNREFUSED|Connection reset by peer|ECONNRESET|Broken pipe|EPIPE|connect\b.{0,80}(?:No such file or directory|ENOENT)|ENOENT.{0,40}\.sock\b|\.sock\b.{0,80}No such file or directory/i;
/** What the app said longer ago may be over. */
const FRESH_SECONDS = 60;

/**
 * An agent, a cache or a proxy on the app's own hosts that nobody declared: no probe asks it, but the service manager says
 * that it went down, and the app says that it lost somebody since.
 */
export const neighbourUnitDown = defineServiceCheck({
  id: 'neighbour-unit-down',
  cause: 'dependency',
  title: 'Another unit went down on the hosts whose app fails',
  refutedBy: 'no other unit that went down, or an app that lost nobody since',
  scope: 'service',
  needs: ['hostJournal', 'appAnswer'],
  uses: ['unitJournal'],

  evaluate({ hostJournal, appAnswer, unitJournal }, { now }) {
    const sick = appAnswer.filter(({ fact }) => isBad(fact) && fact.status !== null);
    if (sick.length === 0) return { status: 'passed', summary: 'the app answers well' };
    const isSick = ({ target }: Observed<unknown>): boolean =>
      sick.some((each) => each.target.name === target.name);
    const stories = hostJournal.filter(isSick).map((from) => ({ from, down: down(from, unitJournal, now) }));
    const elsewhere = new Set(
      hostJournal.filter((from) => !isSick(from)).flatMap((from) => down(from, unitJournal, now).map(nameOf)),
    );
    const shared = (stories[0]?.down ?? []).filter(
      ({ unit }) => !elsewhere.has(unit) && stories.every((story) => story.down.map(nameOf).includes(unit)),
    );
    const found = shared.flatMap(({ unit }) => {
      const onHosts = stories.flatMap(({ from, down: all }) =>
        all.filter((each) => each.unit === unit).map((each) => ({ from, ...each })),
      );
      const complaints = onHosts.flatMap((each) => complaintSince(each, sick, unitJournal, now) ?? []);
      const [first] = complaints;
      return first === undefined ? [] : [{ unit, onHosts, complaint: first }];
    });
    const [first] = found;
    if (first === undefined)
      return { status: 'passed', summary: 'no other unit went down where the app lost somebody' };
    const { onHosts } = first;
    const ends = onHosts.map(({ at }) => at).toSorted();
    return {
      status: 'failed',
      // That somebody stopped it may be right, and old.
      confidence: onHosts.some(({ byOrder }) => byOrder) ? 'possible' : 'likely',
      summary: `${found.map(({ unit }) => unit).join(', ')} is down, and the app says since that it lost a connection; nobody declared it, so it was not asked`,
      evidence: [
        ...onHosts.slice(0, 3).map(({ from, line }): Quote => ({ from, excerpt: line })),
        first.complaint,
      ],
      ...(ends[0] === undefined ? {} : { since: ends[0] }),
    };
  },
});

const nameOf = ({ unit }: UnitDown): string => unit;

const down = (
  { fact, target }: Observed<HostJournal>,
  journals: readonly Observed<UnitJournal>[],
  now: string,
): UnitDown[] => {
  const own = journals
    .filter((journal) => journal.target.name === target.name)
    .map((journal) => journal.fact.unit);
  return unitsDown(fact, now).filter(({ unit }) => !own.includes(unit));
};

/** In what the app answers now, or in a fresh line of its journal; each after the unit went down, by the same clock. */
function complaintSince(
  { from, at }: { from: Observed<HostJournal>; at: string },
  answers: readonly Observed<HttpAnswer>[],
  journals: readonly Observed<UnitJournal>[],
  now: string,
): Quote | null {
  const answer = answers.find(
    ({ target, fact }) => target.name === from.target.name && isComplaint(fact.body),
  );
  if (answer !== undefined) return quoteAnswer(answer, answer.fact);
  const journal = journals.find(({ target }) => target.name === from.target.name);
  const line = journal?.fact.lines.findLast(
    (each) =>
      !byManager(each) &&
      each.at >= at &&
      secondsBetween(each.at, now) <= FRESH_SECONDS &&
      isComplaint(each.message),
  );
  return journal === undefined || line === undefined ? null : { from: journal, excerpt: line.line };
}

/** Of somebody who is not named, or is on this very host. */
const isComplaint = (text: string): boolean => {
  if (!LOST.test(text)) return false;
  const peer = peerIn(text);
  return peer === null || isLocal(peer);
};
