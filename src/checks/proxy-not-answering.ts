import type { Confidence } from '../model/cause.js';
import { servicePort } from '../model/service.js';
import { countOf } from '../model/words.js';
import type { HttpAnswer } from '../probes/http-answer.js';
import type { ProxyLog } from '../probes/proxy-log.js';
import { defineServiceCheck, type Observed, type Outcome } from './define-check.js';
import { describe, isServed, isSilent, quoteAnswer } from './evidence/answers.js';
import { answerOfMember } from './evidence/member-reach.js';
import { portTaken } from './evidence/port-taken.js';
import { areWaitedFor, hostOf, isSetAside, quoteMembers, shareOf, type Member } from './evidence/members.js';

/** Milliseconds. An app that is late itself keeps its proxy waiting. Ours: half of what the question to a member waits. */
const PROMPT_MS = 750;

/**
 * The proxy of a host takes the connection (its port is open, be it only in the kernel) and says nothing, while the app
 * behind it answers: its workers are gone, or frozen. Or it is not there at all, and another program answers on its port.
 */
export const proxyNotAnswering = defineServiceCheck({
  id: 'proxy-not-answering',
  cause: 'overload',
  title: 'The proxy on the hosts does not answer',
  refutedBy: 'an answer of the proxy of each host',
  scope: 'service',
  needs: ['balancerMembers', 'memberAnswer', 'appAnswer'],
  uses: ['proxyLog'],

  evaluate({ balancerMembers, memberAnswer, appAnswer, proxyLog }, { service }) {
    const [seen] = balancerMembers;
    if (seen === undefined || service.proxy === undefined)
      return { status: 'skipped', reason: 'no proxy between balancer and app is configured' };
    const displaced = portTaken(service, { balancerMembers: seen, memberAnswer, proxyLog });
    if (displaced !== null) return displaced;
    const appPort = `:${String(servicePort(service))}`;
    // Whoever is asked at the port of the app itself has no proxy before it.
    const all = seen.fact.members.filter(
      (member) => !isSetAside(member) && member.address?.endsWith(appPort) !== true,
    );
    const silent = all.flatMap((member): Silent[] => {
      const own = answerOfMember(memberAnswer, member);
      const host = hostOf(member, service.hosts);
      const app = appAnswer.find(({ target }) => target.name === host);
      const log = proxyLog.find(({ target }) => target.name === host);
      return own !== undefined && app !== undefined && isSilent(own.answer) && isPrompt(app.fact)
        ? [{ member, app, log, through: { ...own.from, fact: own.answer } }]
        : [];
    });
    const [first] = silent;
    const members = silent.map(({ member }) => member);
    if (first === undefined)
      return {
        status: 'passed',
        summary: `0 of ${countOf(all.length, 'member')} silent before a prompt app`,
      };
    const isWithout = silent.every(hasNoWorker);
    const isInVain = areWaitedFor(members);
    // Late only for us, in this second: the balancer would not have waited in vain. And whoever writes is not frozen.
    if (!isWithout && (!isInVain || silent.some(isWriting)))
      return {
        status: 'passed',
        summary: 'the balancer had its answers, or nginx writes of what it waits for',
      };
    const confidence = !isWithout
      ? 'possible'
      : isInVain && silent.length === all.length
        ? 'confirmed'
        : 'likely';
    return told(first, { share: shareOf(members, all), isWithout, confidence }, [
      quoteMembers(seen, members),
    ]);
  },
});

type Silent = {
  readonly member: Member;
  readonly app: Observed<HttpAnswer>;
  readonly through: Observed<HttpAnswer>;
  readonly log: Observed<ProxyLog> | undefined;
};

const isPrompt = (answer: HttpAnswer): boolean => isServed(answer) && answer.firstByteMs < PROMPT_MS;

/** nginx has a master process and, beside it, at least one that works (nginx.org, beginners_guide). */
const hasNoWorker = ({ log }: Silent): boolean => log?.fact.processes === 1;

const RECENT_SECONDS = 30;
const isWriting = ({ log }: Silent): boolean =>
  log?.fact.lines.some(({ ageSeconds }) => ageSeconds <= RECENT_SECONDS) === true;

const told = (
  { app, through, member }: Silent,
  { share, isWithout, confidence }: { share: string; isWithout: boolean; confidence: Confidence },
  quotes: Extract<Outcome, { status: 'failed' }>['evidence'],
): Outcome => ({
  status: 'failed',
  ...(isWithout ? { cause: 'not-started' as const } : {}),
  // Frozen, or it waits for something else than the app: a limit with a queue, another upstream.
  confidence,
  summary: `nginx before ${share} takes connections and answers none (${member.name}: ${describe(through.fact)}), while the app behind it answers ${describe(app.fact)}${
    isWithout ? ': only its master process is left, and no worker' : ''
  }`,
  evidence: [...quotes, quoteAnswer(through, through.fact), quoteAnswer(app, app.fact)],
});
