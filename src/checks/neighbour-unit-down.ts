import type { Service } from '../model/service.js';
import type { HostJournal } from '../probes/host-journal.js';
import type { HttpAnswer } from '../probes/http-answer.js';
import type { UnitJournal } from '../probes/unit-journal.js';
import { defineServiceCheck, type Observed, type Quote } from './define-check.js';
import { isBad, quoteAnswer } from './evidence/answers.js';
import { FRESH_SECONDS } from './evidence/journal.js';
import { addressesIn, isDeclared, peerIn } from './evidence/named-peers.js';
import { secondsBetween } from './evidence/time.js';
import { unitsDown, type UnitDown } from './evidence/units-down.js';
import { byManager } from './host/last-run.js';
import { isOwnAddress } from './host/port.js';

/** What a client says of a socket whose other end is gone, in the kernel's words (errno 111, 2). */
const LOST =
  /Connection refused|ECONNREFUSED|connect\b.{0,80}(?:No such file or directory|ENOENT)|ENOENT.{0,40}\.sock\b|\.sock\b.{0,80}No such file or directory/i;

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
  uses: ['unitJournal', 'unitState'],

  evaluate({ hostJournal, appAnswer, unitJournal, unitState }, { service, now }) {
    const sick = appAnswer.filter(({ fact }) => isBad(fact) && fact.status !== null);
    if (sick.length === 0) return { status: 'passed', summary: 'the app answers well' };
    const isSick = ({ target }: Observed<unknown>): boolean =>
      sick.some((each) => each.target.name === target.name);
    const own = new Set([
      ...unitJournal.map(({ fact }) => fact.unit),
      ...unitState.map(({ fact }) => fact.id),
      ...(service.unit === undefined ? [] : [service.unit, `${service.unit}.service`]),
    ]);
    const down = ({ fact }: Observed<HostJournal>): UnitDown[] =>
      unitsDown(fact, now).filter(({ unit }) => !own.has(unit));
    const stories = hostJournal.filter(isSick).map((from) => ({ from, down: down(from) }));
    const elsewhere = new Set(
      hostJournal.filter((from) => !isSick(from)).flatMap((from) => down(from).map(nameOf)),
    );
    const shared = (stories[0]?.down ?? []).filter(
      ({ unit }) => !elsewhere.has(unit) && stories.every((story) => story.down.map(nameOf).includes(unit)),
    );
    const found = shared.flatMap(({ unit }) => {
      const onHosts = stories.flatMap(({ from, down: all }) =>
        all.filter((each) => each.unit === unit).map((each) => ({ from, ...each })),
      );
      const complaints = onHosts.flatMap(
        (each) => complaintSince(each, { answers: sick, journals: unitJournal, service, now }) ?? [],
      );
      const best = complaints.find(({ inAnswer }) => inAnswer) ?? complaints[0];
      return best === undefined ? [] : [{ unit, onHosts, complaint: best }];
    });
    const [first] = found;
    if (first === undefined)
      return { status: 'passed', summary: 'no other unit went down where the app lost somebody' };
    const { onHosts, complaint } = first;
    const ends = onHosts.map(({ at }) => at).toSorted();
    return {
      status: 'failed',
      // That somebody stopped it may be right, and old; and a log complains of much that no request needs.
      confidence: complaint.inAnswer && !onHosts.some(({ byOrder }) => byOrder) ? 'likely' : 'possible',
      summary: `${found.map(({ unit }) => unit).join(', ')} is down on the hosts whose app fails, and the app says that it gets no connection to somebody there`,
      evidence: [
        ...onHosts.slice(0, 3).map(({ from, line }): Quote => ({ from, excerpt: line })),
        complaint.quote,
      ],
      ...(ends[0] === undefined ? {} : { since: ends[0] }),
    };
  },
});

const nameOf = ({ unit }: UnitDown): string => unit;

type Heard = {
  readonly answers: readonly Observed<HttpAnswer>[];
  readonly journals: readonly Observed<UnitJournal>[];
  readonly service: Service;
  readonly now: string;
};

/** In what the app answers now, or in a fresh line of its journal; each after the unit went down, by the same clock. */
function complaintSince(
  { from, at }: { from: Observed<HostJournal>; at: string },
  { answers, journals, service, now }: Heard,
): { inAnswer: boolean; quote: Quote } | null {
  const host = from.target.name;
  const answer = answers.find(({ target, fact }) => target.name === host && isComplaint(fact.body, service));
  if (answer !== undefined) return { inAnswer: true, quote: quoteAnswer(answer, answer.fact) };
  const journal = journals.find(({ target }) => target.name === host);
  const line = journal?.fact.lines.findLast(
    (each) =>
      !byManager(each) &&
      each.at >= at &&
      secondsBetween(each.at, now) <= FRESH_SECONDS &&
      isComplaint(each.message, service),
  );
  return journal === undefined || line === undefined
    ? null
    : { inAnswer: false, quote: { from: journal, excerpt: line.line } };
}

/** Of somebody who is not named, or is on this very host and not declared: what is declared has checks of its own. */
const isComplaint = (text: string, service: Service): boolean => {
  if (!LOST.test(text)) return false;
  const peer = peerIn(text);
  return [...(peer === null ? [] : [peer]), ...addressesIn(text)].every(
    (each) => isOwnAddress(each.host) && !isDeclared(service, each),
  );
};
