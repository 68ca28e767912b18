import { isBad, isServed, UNAVAILABLE } from '../checks/evidence/answers.js';
import { pageOf } from '../checks/evidence/balancer-lines.js';
import { haproxyWord, isByRule } from '../checks/evidence/haproxy-states.js';
import type { Confidence } from '../model/cause.js';
import type { Reading } from '../model/reading.js';
import type { Service } from '../model/service.js';
import type { Judgement } from '../model/verdict.js';
import { BalancerLog, type BalancerLogLine } from '../probes/balancer-log.js';
import { observe } from './observe.js';
import { sightings, type Sightings } from './sightings.js';

/** Trouble that comes and goes shows itself at one moment and not at another. More looks would cost a host more than they tell. Ours. */
export const MOST_LOOKS = 3;
/** Long enough for a health check, a pool or a retry to have its turn; three looks of a second still end within the usual deadline of 10 s. Ours. */
export const PAUSE_MS = 3000;

/** Refused longer ago is over. Ours. */
const LATELY_SECONDS = 30;
/** Fewer are single users' bad luck. Ours. */
const FEW = 3;
const SHARE = 0.01;

/**
 * No cause was found, and what was seen tells that this may be for the moment of the look: some were served and some were
 * not, users were refused seconds ago, or they are refused while every host answers well. Or one was found for what may be
 * over by now.
 */
export const isWorthAnotherLook = (
  service: Service,
  readings: readonly Reading[],
  { verdict }: Pick<Judgement, 'verdict'>,
): boolean => {
  if (verdict.status === 'unreachable') return false;
  const seen = observe(readings);
  const given = sightings(service, seen);
  if (verdict.status === 'cause-found') return mayBeOver(given);
  const bad = given.publicAnswers.filter(isBad);
  if (bad.length > 0) return bad.length < given.publicAnswers.length || hostsAnswerWell(given);
  const pool = service.balancer?.pool ?? '';
  const pages = new Set(given.publicAnswers.map(({ request }) => pageOf(request)));
  const mayBeOfOurs = (line: BalancerLogLine): boolean =>
    line.backend === pool || (isByRuleOfFrontend(line, pool) && pages.has(pageOf(line.request)));
  return seen.read('balancerLog').some(({ fact }) => tellsOfRefusals(BalancerLog.parse(fact), mayBeOfOurs));
};

const mayBeOver = ({ others }: Sightings): boolean => others?.mayBeOver === true;

const hostsAnswerWell = ({ app }: Sightings): boolean =>
  app.length > 0 && app.every(({ answer }) => isServed(answer));

/** Before a pool was chosen, whichever service of the frontend it was for. A rule that refuses some lets us through at one look. */
const isByRuleOfFrontend = (line: BalancerLogLine, pool: string): boolean =>
  line.backend === line.frontend &&
  line.server === null &&
  line.request !== null &&
  isByRule(haproxyWord(line, pool));

/** Spans count a request at its begin, lines at its end: what ran out of time is in the lines. */
const tellsOfRefusals = (
  { spans, failed }: BalancerLog,
  mayBeOfOurs: (line: BalancerLogLine) => boolean,
): boolean => {
  const lately = spans.filter(({ ageSeconds }) => ageSeconds <= LATELY_SECONDS);
  const ended = failed.filter(
    (line) => mayBeOfOurs(line) && UNAVAILABLE.has(line.status) && line.ageSeconds <= LATELY_SECONDS,
  );
  const begun = lately.reduce((sum, { unavailable }) => sum + unavailable, 0);
  const refused = Math.max(begun, ended.length);
  const served = lately.reduce((sum, span) => sum + span.served, 0);
  return refused >= FEW && refused >= SHARE * (refused + served);
};

const SURE: ReadonlySet<Confidence | null> = new Set<Confidence | null>(['likely', 'confirmed']);

/**
 * A cause that was proven at one look counts more than none at others; that our own requests were refused at one, more than
 * that none was.
 */
const worth = ({ judgement: { verdict }, users }: Told): number => {
  if (verdict.status === 'cause-found') return SURE.has(verdict.confidence) ? 3 : 2;
  return verdict.status === 'inconclusive' && !users.wereServed ? 1 : 0;
};

type Told = { readonly judgement: Pick<Judgement, 'verdict'>; readonly users: Users };

/** What users got at one look. */
export type Users = {
  /** All of our own requests; what others got stands in the log of each later look as well. */
  readonly wereServed: boolean;
  /** Others were refused, and this may be over by now. */
  readonly mayBeServedAgain: boolean;
  /** The balancer's log told what others got. */
  readonly othersAreSeen: boolean;
};

/**
 * Of looks at one service, oldest first: the first that tells most; where none tells of us, the newest. What may have been
 * over is over where everybody is seen to be served since.
 */
export const mostTelling = <T extends Told>(looks: readonly [T, ...T[]]): T =>
  looks.reduce((best, look) => {
    if (best.users.mayBeServedAgain && isWell(look)) return look;
    const [had, has] = [worth(best), worth(look)];
    const isHeard = look.judgement.verdict.status !== 'unreachable';
    return has > had || (has === had && has === 0 && isHeard) ? look : best;
  });

const isWell = ({ judgement: { verdict }, users }: Told): boolean =>
  verdict.status === 'healthy' && users.othersAreSeen;

export const usersAt = (service: Service, readings: readonly Reading[]): Users => {
  const seen = observe(readings);
  const given = sightings(service, seen);
  const { publicAnswers } = given;
  return {
    wereServed: publicAnswers.length > 0 && publicAnswers.every(isServed),
    mayBeServedAgain: mayBeOver(given),
    othersAreSeen: seen.read('balancerLog').length > 0,
  };
};
