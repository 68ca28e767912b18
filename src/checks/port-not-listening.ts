import { servicePort, type Service } from '../model/service.js';
import type { HttpAnswer } from '../probes/http-answer.js';
import { defineHostCheck, type Observed } from './define-check.js';
import { isRefused, quoteAnswer } from './evidence/answers.js';
import { propertyLines } from './host/last-run.js';
import { isForIpv6Only, onHealthAddress, onPort } from './host/port.js';

/** By IPv4: asked on the host itself, where it listens. */
const isRefusedThere = (
  answer: Observed<HttpAnswer> | undefined,
  { health }: Service,
): answer is Observed<HttpAnswer> =>
  answer !== undefined && isRefused(answer.fact) && !new URL(health).hostname.startsWith('[');

/** Lines of `ss` that show what listens instead. */
const QUOTED = 8;

export const portNotListening = defineHostCheck({
  id: 'port-not-listening',
  cause: 'not-started',
  title: 'Nothing listens on the port',
  refutedBy: 'a listener on the port of the health URL',
  needs: ['listenSockets'],
  uses: ['unitState', 'healthAnswer'],

  evaluate({ listenSockets, unitState, healthAnswer }, { service }) {
    const port = servicePort(service);
    const sockets = onPort(listenSockets.fact, service);
    const [socket] = onHealthAddress(listenSockets.fact, service);
    if (socket !== undefined)
      return isRefusedThere(healthAnswer, service) && isForIpv6Only(sockets)
        ? {
            status: 'failed',
            confidence: 'likely',
            summary: `port ${port} is open for IPv6 only (${socket.address}:${port}), and whoever asks by IPv4 is refused`,
            evidence: [
              { from: listenSockets, excerpt: sockets.map(({ line }) => line).join('\n') },
              quoteAnswer(healthAnswer, healthAnswer.fact),
            ],
          }
        : { status: 'passed', summary: `${socket.address}:${port} is open` };

    const tcp = listenSockets.fact.filter(({ kind }) => kind === 'tcp');
    const elsewhere = sockets.map(({ address }) => `${address}:${port}`).join(', ');
    const runs = unitState?.fact.activeState === 'active';
    const state = unitState === undefined ? '' : ` though ${unitState.fact.id} is active`;
    const others = tcp.filter((socket) => !sockets.includes(socket));
    const lines = [...sockets, ...others].map(({ line }) => line);
    const rest = lines.length - QUOTED;
    const quoted = [...lines.slice(0, QUOTED), ...(rest > 0 ? [`(and ${rest} more on other ports)`] : [])];
    return {
      status: 'failed',
      confidence: sockets.length > 0 ? 'likely' : 'confirmed',
      summary:
        sockets.length > 0
          ? `port ${port} is open on ${elsewhere} only, not where the health URL asks`
          : `nothing listens on port ${port}${runs ? state : ''}`,
      evidence: [
        { from: listenSockets, excerpt: lines.length > 0 ? quoted.join('\n') : '(no listening TCP socket)' },
        ...(runs
          ? [
              {
                from: unitState,
                excerpt: propertyLines(unitState.fact, ['ActiveState', 'SubState', 'MainPID']),
              },
            ]
          : []),
      ],
      remediations: ['restart-service'],
    };
  },
});
