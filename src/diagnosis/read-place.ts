import { toError, withDeadline } from '../clients/deadline.js';
import type { Network } from '../clients/host-connection.js';
import { ClientError } from '../model/client-error.js';
import type { Reading } from '../model/reading.js';
import { ANY_HOST, WORKER, type Place, type ServiceProbe } from '../probes/define-probe.js';
import type { CollectContext } from './collect-context.js';
import { readingOf, reasonOf, unread, type ReadingHead } from './read-fact.js';

const DEFAULT_TIMEOUT_MS = 4000;

/** One reading of one service probe: from where its place says, else from the worker where that may stand in. */
export const readPlace = async (
  probe: ServiceProbe,
  place: Place,
  context: CollectContext,
): Promise<Reading> => {
  const first = await readFrom(probe, place, context, () => networkOf(place.from, context));
  const mayFallBack = place.from === ANY_HOST || (place.from !== WORKER && probe.fallback === 'worker');
  const again = first.blocked && mayFallBack && !context.signal.aborted;
  const { reading } = again ? await readFrom(probe, place, context, async () => context.worker) : first;
  context.onRead();
  return reading;
};

/** `blocked`: the place itself could not be used (host not reached, forwarding not allowed); nothing was learnt. */
const readFrom = async (
  probe: ServiceProbe,
  place: Place,
  { service, signal, redactor }: CollectContext,
  open: () => Promise<Network>,
): Promise<{ reading: Reading; blocked: boolean }> => {
  const startedAt = Date.now();
  const head = (via: string): ReadingHead => ({
    probe: probe.id,
    target: place.target,
    via,
    source: sourceOf(probe, place, service),
    at: new Date(startedAt).toISOString(),
    durationMs: Date.now() - startedAt,
  });
  let via = place.from === ANY_HOST ? WORKER : place.from;
  const seen = { opened: false, forwardingDenied: false };
  const onDenied = (): void => {
    seen.forwardingDenied = true;
  };
  try {
    const network = watch(await withDeadline(service.deadlineSeconds * 1000 + 1000, signal, open), onDenied);
    seen.opened = true;
    via = network.name;
    const value = await withDeadline(probe.timeoutMs ?? DEFAULT_TIMEOUT_MS, signal, (limited) =>
      probe.read({ service, place, network, signal: limited }),
    );
    return { reading: readingOf(head(via), probe.fact, value, redactor), blocked: seen.forwardingDenied };
  } catch (error) {
    const { reason, detail } = reasonOf(signal.aborted ? signal.reason : error);
    return {
      reading: unread(head(via), reason, detail, redactor),
      blocked: seen.forwardingDenied || !seen.opened,
    };
  }
};

const networkOf = async (from: string, context: CollectContext): Promise<Network> => {
  if (from === WORKER) return context.worker;
  if (from !== ANY_HOST) return (await context.connect(from)).network;
  try {
    return await Promise.any(
      context.service.hosts.map(async (host) => (await context.connect(host)).network),
    );
  } catch {
    return context.worker; // no host answers: the worker's own view is what there is
  }
};

const watch = (network: Network, onDenied: () => void): Network => {
  const note = (error: unknown): never => {
    if (error instanceof ClientError && error.code === 'denied') onDenied();
    throw toError(error);
  };
  return {
    name: network.name,
    connect: (to, signal) => network.connect(to, signal).catch(note),
    connectUnix: (path, signal) => network.connectUnix(path, signal).catch(note),
  };
};

const sourceOf = (probe: ServiceProbe, place: Place, service: CollectContext['service']): string => {
  try {
    return probe.source(service, place);
  } catch {
    return probe.id;
  }
};
