import type { Confidence } from '../model/cause.js';
import { servicePort } from '../model/service.js';
import type { BalancerMembers } from '../probes/balancer-members.js';
import type { HttpAnswer } from '../probes/http-answer.js';
import { defineServiceCheck, type Observed, type Quote } from './define-check.js';
import { quoteAnswer } from './evidence/answers.js';
import { changedAt, hostOf, isDown, quoteMembers, type Member } from './evidence/members.js';

/**
 * Where a host's own facts could not be read, others still tell that nothing listens there: the balancer's check was
 * refused (L4CON), or a request through the host's network was. A host that was read is port-not-listening's.
 */
export const portRefused = defineServiceCheck({
  id: 'port-refused',
  cause: 'not-started',
  title: 'Connections to the port are refused',
  refutedBy: 'a connection to the port that is taken',
  scope: 'service',
  needs: [],
  uses: ['listenSockets', 'balancerMembers', 'healthAnswer'],

  evaluate({ listenSockets, balancerMembers, healthAnswer }, { service }) {
    const unread = service.hosts.filter((host) => !listenSockets.some(({ target }) => target.name === host));
    if (unread.length === 0) return { status: 'skipped', reason: 'the hosts themselves tell what listens' };
    const balancer = balancerMembers[0];
    const seen = unread.map((host) => refusalAt(host, service.hosts, balancer, healthAnswer));
    const refused = seen.filter((item) => item !== null);
    if (refused.length === 0)
      return seen.length === service.hosts.length && balancer === undefined && healthAnswer.length === 0
        ? { status: 'skipped', reason: 'neither host nor balancer was heard' }
        : { status: 'passed', summary: 'no connection to the port is refused' };
    const since =
      balancer &&
      changedAt(
        refused.flatMap(({ member }) => member ?? []),
        balancer.at,
      );
    const where = service.hosts.length === 1 ? '' : ` on ${refused.length} of ${service.hosts.length} hosts`;
    return {
      status: 'failed',
      confidence: confidenceOf(refused, unread.length),
      summary: `connections to port ${servicePort(service)} are refused${where}: nothing listens there`,
      evidence: refused.map(({ quote }) => quote),
      ...(since === undefined ? {} : { since }),
      remediations: ['restart-service'],
    };
  },
});

/** What the balancer says is never sure: with a wrong port in its own configuration it looks the same. */
const confidenceOf = (refused: readonly Refusal[], hosts: number): Confidence => {
  const fromTheHost = refused.every(({ member }) => member === null);
  return refused.length === hosts && fromTheHost ? 'confirmed' : 'likely';
};

type Refusal = { readonly quote: Quote; readonly member: Member | null };

const refusalAt = (
  host: string,
  hosts: readonly string[],
  balancer: Observed<BalancerMembers> | undefined,
  answers: readonly Observed<HttpAnswer>[],
): Refusal | null => {
  const answer = answers.find(({ target }) => target.name === host);
  if (answer !== undefined) {
    return answer.fact.failure?.kind === 'refused'
      ? { quote: quoteAnswer(answer, answer.fact), member: null }
      : null;
  }
  const member = balancer?.fact.members.find((item) => hostOf(item, hosts) === host);
  return balancer !== undefined && member !== undefined && isDown(member) && isConnectRefused(member)
    ? { quote: quoteMembers(balancer, [member]), member }
    : null;
};

/** HAProxy: `L4CON` with "Connection refused"; "No route to host" is a lost host, not a stopped program. */
const isConnectRefused = ({ checkStatus, lastCheck, line }: Member): boolean =>
  checkStatus === 'L4CON' && !/no route|unreachable/i.test(`${lastCheck ?? ''} ${line}`);
