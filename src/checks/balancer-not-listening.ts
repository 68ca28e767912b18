import type { BalancerProcess } from '../probes/balancer-process.js';
import { defineServiceCheck, type Outcome } from './define-check.js';
import { isRefused, quoteAnswer } from './evidence/answers.js';

/** Users are refused before a word of HTTP: their balancer does not run, or does not listen where they come. */
export const balancerNotListening = defineServiceCheck({
  id: 'balancer-not-listening',
  cause: 'not-started',
  title: 'The balancer does not listen',
  refutedBy: 'a request that is answered at all',
  scope: 'service',
  needs: ['publicAnswer', 'balancerProcess'],

  evaluate({ publicAnswer, balancerProcess }, { service }) {
    const [asked] = publicAnswer;
    const [seen] = balancerProcess;
    const refused = asked?.fact.answers.find(isRefused);
    if (asked === undefined || refused === undefined || !asked.fact.answers.every(isRefused))
      return { status: 'passed', summary: 'connections to the public address are taken' };
    if (seen === undefined || seen.fact.loadState !== 'loaded')
      return { status: 'skipped', reason: 'no haproxy.service on the host of the balancer' };
    const where = seen.via;
    const evidence = [quoteAnswer(asked, refused), { from: seen, excerpt: excerptOf(seen.fact) }];
    const port = portOf(service.url);
    const sockets = seen.fact.listening.filter((local) => local.endsWith(`:${String(port)}`));
    return (
      notRunning(seen.fact, { where, evidence, isElsewhere: sockets.length > 0 }) ??
      notThere(sockets, { where, evidence, port })
    );
  },
});

type Found = { where: string; evidence: Extract<Outcome, { status: 'failed' }>['evidence'] };

const notRunning = (
  { activeState, subState, result, alerts }: BalancerProcess,
  { where, evidence, isElsewhere }: Found & { isElsewhere: boolean },
): Outcome | null => {
  if (activeState === 'active' || activeState === 'reloading') return null;
  const why = result === 'success' || result === '' ? '' : ` (${result})`;
  const [said] = alerts;
  return {
    status: 'failed',
    // Somebody else may have the port, and refuse for another reason.
    confidence: isElsewhere ? 'possible' : 'confirmed',
    summary: `HAProxy does not run on ${where}: haproxy.service is ${activeState}, ${subState}${why}${said === undefined ? '' : `; it said: ${said}`}`,
    evidence,
  };
};

/** It runs. An address that it is not asked at, such as a port that a NAT in front makes another one, says nothing. */
const notThere = (
  sockets: readonly string[],
  { where, evidence, port }: Found & { port: number },
): Outcome => {
  if (sockets.some((local) => !LOOPBACK.test(local)))
    return { status: 'passed', summary: `something listens on port ${String(port)} of ${where}` };
  return {
    status: 'failed',
    cause: 'routing',
    confidence: sockets.length > 0 ? 'likely' : 'possible',
    summary: `HAProxy runs on ${where}, and users are refused: ${
      sockets.length > 0
        ? `on port ${String(port)} only ${sockets.join(', ')} listens`
        : `nothing listens on port ${String(port)}`
    }`,
    evidence,
  };
};

const LOOPBACK = /^(?:127\.|\[::1\])/;

const portOf = (url = ''): number => {
  const { port, protocol } = new URL(url);
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
};

const excerptOf = ({ activeState, subState, result, listening, alerts }: BalancerProcess): string =>
  [
    `ActiveState=${activeState}`,
    `SubState=${subState}`,
    `Result=${result}`,
    ...listening.slice(0, 8),
    ...alerts,
  ].join('\n');
