import type { BalancerProcess } from '../probes/balancer-process.js';
import type { BalancerMembers } from '../probes/balancer-members.js';
import { defineServiceCheck, type Observed, type Outcome } from './define-check.js';
import { isRefused, quoteAnswer } from './evidence/answers.js';

/** Users are refused before a word of HTTP: their balancer does not run, or does not listen where they come. */
export const balancerNotListening = defineServiceCheck({
  id: 'balancer-not-listening',
  cause: 'not-started',
  title: 'The balancer does not listen',
  refutedBy: 'a request that is answered at all',
  scope: 'service',
  needs: ['publicAnswer', 'balancerProcess'],
  uses: ['balancerMembers'],

  evaluate({ publicAnswer, balancerProcess, balancerMembers }, { service }) {
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
    const sockets = seen.fact.listening?.filter((local) => local.endsWith(`:${String(port)}`)) ?? null;
    const [stats] = balancerMembers;
    // Whoever answers at its socket runs, under whatever name.
    const whyNobody =
      stats === undefined
        ? notRunning(seen.fact, sockets, { where, evidence })
        : closed(stats, sockets, { where, evidence });
    return whyNobody ?? notThere(sockets, { where, evidence, port });
  },
});

type Found = { where: string; evidence: Extract<Outcome, { status: 'failed' }>['evidence'] };

const notRunning = (
  { activeState, subState, result, alerts }: BalancerProcess,
  sockets: readonly string[] | null,
  { where, evidence }: Found,
): Outcome | null => {
  if (activeState === 'active' || activeState === 'reloading') return null;
  const isFailed = result !== 'success' && result !== '';
  const [said] = isFailed ? alerts : [];
  return {
    status: 'failed',
    // An inactive unit may be one that nobody uses, and somebody else may have the port.
    confidence: sockets === null || sockets.length > 0 ? 'possible' : isFailed ? 'confirmed' : 'likely',
    summary: `HAProxy does not run on ${where}: haproxy.service is ${activeState}, ${subState}${isFailed ? ` (${result})` : ''}${said === undefined ? '' : `; it said: ${said}`}`,
    evidence,
  };
};

/** `disable frontend` on its socket. Which one leads to this pool stands in its configuration only; a port that is taken is not it. */
const closed = (
  stats: Observed<BalancerMembers>,
  sockets: readonly string[] | null,
  { where, evidence }: Found,
): Outcome | null => {
  const [frontend] = stats.fact.closedFrontends;
  if (frontend === undefined || sockets === null || sockets.length > 0) return null;
  return {
    status: 'failed',
    cause: 'deliberate',
    confidence: 'likely',
    summary: `HAProxy runs on ${where}, and frontend ${frontend.name} takes no connection: somebody disabled it (${frontend.status})`,
    evidence: [{ from: stats, excerpt: frontend.line }, ...evidence],
  };
};

/** It runs. A port that is not asked for there, as behind a NAT that makes another one of it, says little. */
const notThere = (
  sockets: readonly string[] | null,
  { where, evidence, port }: Found & { port: number },
): Outcome => {
  if (sockets === null) return { status: 'skipped', reason: `what listens on ${where} could not be listed` };
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
    ...(listening ?? []).slice(0, 8),
    ...alerts,
  ].join('\n');
