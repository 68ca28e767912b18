import { refuseForbidden } from '../clients/addresses.js';
import { connectFailure } from '../clients/connect-failure.js';
import { withDeadline } from '../clients/deadline.js';
import { defineServiceProbe } from './define-probe.js';
import {
  DependencyAnswer,
  dependencyOf,
  dependencyPlaces,
  refuseForeignLoopback,
} from './dependency-answer.js';
import { runningNow } from '../clients/running-time.js';

const DEADLINE_MS = 3000;

/** Whether the port of a dependency opens, and how fast. */
export const tcpDependency = defineServiceProbe({
  id: 'tcp-dependency',
  fact: DependencyAnswer,
  fallback: 'worker',
  places: (service) => dependencyPlaces(service, 'tcp'),
  source: (service, place) => {
    const { host, port } = dependencyOf(service, 'tcp', place);
    return `nc -zv -w 3 ${host} ${String(port)}`;
  },

  async read({ service, place, network, signal }) {
    const { host, port } = dependencyOf(service, 'tcp', place);
    refuseForbidden(host);
    refuseForeignLoopback(host, place, network);
    const started = runningNow();
    const answer = {
      kind: 'tcp' as const,
      address: `${host}:${String(port)}`,
      certificateExpiresAt: null,
      details: {},
    };
    try {
      const stream = await withDeadline(DEADLINE_MS, signal, (deadline) =>
        network.connect({ host, port }, deadline),
      );
      stream.destroy();
      const latencyMs = runningNow() - started;
      return { ...answer, rung: 'tcp' as const, failure: null, latencyMs, lines: [`${answer.address} open`] };
    } catch (error) {
      const failure = signal.aborted ? null : connectFailure(error);
      if (!failure) throw error;
      const latencyMs = runningNow() - started;
      return {
        ...answer,
        rung: failure.rung,
        failure: { ...failure, code: null },
        latencyMs,
        lines: [failure.message],
      };
    }
  },
});
