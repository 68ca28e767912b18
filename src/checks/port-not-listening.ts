import { servicePort } from '../model/service.js';
import { defineHostCheck } from './define-check.js';
import { propertyLines } from './host/last-run.js';
import { onHealthAddress, onPort } from './host/port.js';

export const portNotListening = defineHostCheck({
  id: 'port-not-listening',
  cause: 'not-started',
  title: 'Nothing listens on the port',
  needs: ['listenSockets'],
  uses: ['unitState'],

  evaluate({ listenSockets, unitState }, { service }) {
    const port = servicePort(service);
    const sockets = onPort(listenSockets.fact, service);
    const [socket] = onHealthAddress(listenSockets.fact, service);
    if (socket !== undefined) return { status: 'passed', summary: `${socket.address}:${port} is open` };

    const tcp = listenSockets.fact.filter(({ kind }) => kind === 'tcp');
    const elsewhere = sockets.map(({ address }) => `${address}:${port}`).join(', ');
    const runs = unitState?.fact.activeState === 'active';
    const state = unitState === undefined ? '' : ` though ${unitState.fact.id} is active`;
    const others = tcp.map(({ line }) => line).slice(0, 8);
    return {
      status: 'failed',
      confidence: sockets.length > 0 ? 'likely' : 'confirmed',
      summary:
        sockets.length > 0
          ? `port ${port} is open on ${elsewhere} only, not where the health URL asks`
          : `nothing listens on port ${port}${runs ? state : ''}`,
      evidence: [
        { from: listenSockets, excerpt: others.length > 0 ? others.join('\n') : '(no listening TCP socket)' },
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
