import type { Service } from '../model/service.js';
import type { HttpAnswer } from '../probes/http-answer.js';
import type { ProxyLog } from '../probes/proxy-log.js';
import { defineServiceCheck, type Observed } from './define-check.js';
import { describe, isKeptFromApp, isServed, quoteAnswer } from './evidence/answers.js';
import { goesOn, isOfService, recentProxyLines } from './evidence/proxy-lines.js';
import { answerOfMember, reachOf } from './evidence/member-reach.js';
import {
  changedAt,
  hostOf,
  isDown,
  isUnknownThere,
  quoteMembers,
  shareOf,
  type Member,
} from './evidence/members.js';

/** HAProxy needs `rise` checks (2, one each 2 s) to take a member back: so long it may rightly lag behind. */
const COMING_BACK_SECONDS = 10;
/** Checks that may still be missing: a minute of them, one each 2 s if nothing else is told. Ours. */
const COMING_BACK_CHECKS = 30;
/** Of one that never failed a check: as many as by default (`rise 2`), and one more. Ours. */
const FEW_CHECKS = 3;
/** A connection that waits for its place comes after a second, by TCP's first repeat (RFC 6298). */
const SLOW_MS = 1000;

/** The balancer holds members down that serve real requests: only then is its check the cause. */
export const memberDownThoughHealthy = defineServiceCheck({
  id: 'member-down-though-healthy',
  cause: 'health-check',
  title: 'Member is down though healthy',
  refutedBy: 'real requests that fail on the members held down',
  scope: 'service',
  needs: ['balancerMembers', 'healthAnswer'],
  uses: ['appAnswer', 'memberAnswer', 'proxyLog'],

  evaluate({ balancerMembers, healthAnswer, appAnswer, memberAnswer, proxyLog }, { service }) {
    const seen = balancerMembers[0];
    if (!seen) return { status: 'skipped', reason: 'the balancer was not read' };
    const { members } = seen.fact;
    const down = members.filter((member) => (isDown(member) && !isComingBack(member)) || isStoodDown(member));
    if (down.length === 0) return { status: 'passed', summary: `${shareOf([], members)} held down` };

    const real = appAnswer.length > 0 ? appAnswer : healthAnswer;
    const answerOf = (member: Member): Observed<HttpAnswer> | undefined => {
      const own = answerOfMember(memberAnswer, member);
      if (own !== undefined) return { ...own.from, fact: own.answer };
      // The balancer's connections do not arrive: whether the app serves on its host says nothing about the check.
      if (reachOf(member, memberAnswer, []) !== null) return undefined;
      const host = hostOf(member, service.hosts);
      if (host !== null) return real.find(({ target }) => target.name === host);
      // Not known which host it is: then all of them must be fine.
      return real.length === service.hosts.length && real.every(({ fact }) => isServed(fact))
        ? real[0]
        : undefined;
    };
    const directAnswer = (member: Member): HttpAnswer | undefined =>
      real.find(({ target }) => target.name === hostOf(member, service.hosts))?.fact;
    const wrong = down.flatMap((member) => {
      const observed = answerOf(member);
      const isWrong =
        observed !== undefined &&
        isServed(observed.fact) &&
        !isRightToGiveUp(member, observed.fact) &&
        !(isUnknownThere(member) && isKeptFromApp(observed.fact, directAnswer(member)));
      return isWrong ? [{ member, observed }] : [];
    });
    const [first] = wrong;
    if (first === undefined) {
      return {
        status: 'passed',
        summary: `${shareOf(down, members)} down, and real requests fail there too, or are as late`,
      };
    }
    const wrongMembers = wrong.map(({ member }) => member);
    const since = changedAt(wrongMembers, seen.at);
    return {
      status: 'failed',
      confidence: wasLate(first.member, proxyLog, service)
        ? 'possible'
        : confidenceOf(first.member, first.observed.fact),
      summary: `${shareOf(wrongMembers, members)} held down by the check (${checkWords(first.member)}) though real requests get ${describe(first.observed.fact)}`,
      evidence: [quoteMembers(seen, wrongMembers), quoteAnswer(first.observed, first.observed.fact)],
      ...(since === undefined ? {} : { since }),
    };
  },
});

/** Good checks of those that take it back. */
const COUNTED = /^DOWN (\d+)\/(\d+)/;

/**
 * `DOWN 1/2` with a check that passed: one more takes it back. `DOWN (agent)` is held down beside such a check, and one
 * that must pass very many is held down by their number.
 */
const isComingBack = (member: Member): boolean => {
  const { status, checkStatus } = member;
  const [, passed, wanted] = COUNTED.exec(status) ?? [];
  const missing = Number(wanted) - Number(passed);
  const patience = isOutByAnswers(member) ? FEW_CHECKS : COMING_BACK_CHECKS;
  return missing <= patience && checkStatus?.endsWith('OK') === true;
};

/** Its check gets 404 under `http-check disable-on-404`: no new requests, and no failed check either (configuration.txt; management.txt 9.1: status) */
const isStoodDown = ({ status }: Member): boolean => status.startsWith('NOLB');

/** No check of its own ever failed: HAProxy judges it by real answers (`observe`), by those of one bad page as well. */
const isOutByAnswers = ({ takenOutByAnswers, failedChecks, checkStatus }: Member): boolean =>
  takenOutByAnswers > 0 && failedChecks <= takenOutByAnswers && /(?:OK|^HANA)$/.test(checkStatus ?? '');

/** The real request is as late as the check found it, which waited for as long as its last run took. */
const isRightToGiveUp = ({ checkStatus, checkDurationMs }: Member, real: HttpAnswer): boolean =>
  checkStatus?.endsWith('TOUT') === true &&
  real.firstByteMs >= (checkStatus === 'L7TOUT' ? (checkDurationMs ?? SLOW_MS) : SLOW_MS);

/** Its check waited in vain, and so did nginx on its host with what users wanted: the queue that both stood in may be gone by now. */
const wasLate = (member: Member, proxyLog: readonly Observed<ProxyLog>[], service: Service): boolean =>
  member.checkStatus?.endsWith('TOUT') === true &&
  goesOn(
    recentProxyLines(
      proxyLog.filter(({ target }) => target.name === hostOf(member, service.hosts)),
      ['upstream-timeout'],
    ).filter((hit) => isOfService(hit, service)),
  );

const confidenceOf = (member: Member, real: HttpAnswer) => {
  const { checkStatus, checkCode, lastChangeSeconds } = member;
  // Somebody may have taken the page away on purpose.
  if (isOutByAnswers(member) || isStoodDown(member)) return 'likely';
  const refusedByPath = checkStatus === 'L7STS' && checkCode !== null && checkCode < 500;
  const isAtOdds = refusedByPath && real.status !== checkCode;
  // Whoever comes back passes its checks again: one that refuses the path is not on its way.
  if (lastChangeSeconds !== null && lastChangeSeconds < COMING_BACK_SECONDS)
    return isAtOdds ? 'likely' : 'possible';
  return isAtOdds ? 'confirmed' : 'likely';
};

const checkWords = (member: Member): string => {
  const { status, checkStatus, checkCode, lastCheck } = member;
  if (isStoodDown(member))
    return 'it gets 404, which means "send nothing new" here: `http-check disable-on-404`';
  const said = [checkStatus, checkCode, lastCheck].filter((word) => word !== null).join(' ');
  const counted = COUNTED.exec(status);
  return [
    ...(isOutByAnswers(member) ? ['taken out for bad answers to requests (observe), no check failed'] : []),
    said === '' ? 'no check result' : said,
    ...(counted === null ? [] : [`${counted[1]} of the ${counted[2]} good checks that it wants`]),
  ].join('; ');
};
