import type { Service } from '../../model/service.js';
import type { Facts } from '../../probes/index.js';
import type { HttpAnswer } from '../../probes/http-answer.js';
import type { Observed } from '../define-check.js';
import { isOwnAddress, onHealthAddress } from '../host/port.js';

type Seen = {
  readonly [K in 'appAnswer' | 'healthAnswer' | 'listenSockets' | 'tcpCounters']: readonly Observed<
    Facts[K]
  >[];
};

const isUnheard = ({ failure }: HttpAnswer): boolean => failure?.rung === 'tcp' && failure.kind === 'timeout';

/**
 * Hosts that listen for the app, whose accept queue is empty at both samples and has turned nobody away in between, and
 * where no connection of ours, made on the host itself, is even opened: what is sent there is dropped on the way.
 * `heard`: what else answered over the same hosts.
 */
export const droppedOnHosts = (
  seen: Seen,
  service: Service,
  heard: readonly Observed<unknown>[],
): Observed<HttpAnswer>[] => {
  // What is sent to another address may be lost anywhere.
  if (!isOwnAddress(new URL(service.health).hostname)) return [];
  return service.hosts.flatMap((name) => {
    // A connection of ours that this host has made meanwhile: it is not just slow to make any.
    if (!heard.some(({ via }) => via === name)) return [];
    const at = <Fact>(all: readonly Observed<Fact>[]): Observed<Fact> | undefined =>
      all.find(({ target }) => target.name === name);
    const asked = [at(seen.appAnswer), at(seen.healthAnswer)].filter((from) => from !== undefined);
    const [first] = asked;
    const sockets = onHealthAddress(at(seen.listenSockets)?.fact ?? [], service);
    const drops = at(seen.tcpCounters)?.fact.listenDrops;
    const isOpen =
      sockets.length > 0 &&
      sockets.every(({ queued, queuedAgain }) => queued === 0 && (queuedAgain ?? 0) === 0);
    return first !== undefined && asked.every(({ fact }) => isUnheard(fact)) && isOpen && drops === 0
      ? [first]
      : [];
  });
};
