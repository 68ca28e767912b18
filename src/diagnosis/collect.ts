import { setMaxListeners } from 'node:events';
import type { HostConnector, Network } from '../clients/host-connection.js';
import { toError } from '../clients/deadline.js';
import { ClientError } from '../model/client-error.js';
import type { Progress } from '../model/incident.js';
import type { Reading } from '../model/reading.js';
import type { Service } from '../model/service.js';
import type { HostReach } from '../model/verdict.js';
import type { HostProbe, Place, Probe, ServiceProbe } from '../probes/define-probe.js';
import { probes as allProbes } from '../probes/index.js';
import type { CollectContext } from './collect-context.js';
import { readHost } from './read-host.js';
import { readPlace } from './read-place.js';
import { createRedactor, secretsOf } from './redact.js';

export type CollectOptions = {
  connector: HostConnector;
  /** Where the worker stands. */
  network: Network;
  signal: AbortSignal;
  /** When to end, in milliseconds since 1970; left out, the service's own deadline from now. */
  until?: number;
  /** Must not throw. */
  onProgress?: (progress: Progress) => void;
  /** Values that must be seen nowhere; the passwords in the inventory's URLs are known anyway. */
  secrets?: readonly string[];
  probes?: Readonly<Record<string, Probe>>;
};

/**
 * All hosts and all service probes at once, under one deadline. Every place yields exactly one reading: what cannot
 * be read says why, and neither a dead host nor a probe that throws spoils the others.
 */
export const collect = async (
  service: Service,
  options: CollectOptions,
): Promise<{ readings: Reading[]; hosts: HostReach[] }> => {
  const probes = Object.values(options.probes ?? allProbes);
  const hostProbes = probes.filter(
    (probe) => probe.kind === 'host' && applies(probe, service),
  ) as HostProbe[];
  const places = probes.flatMap((probe) => (probe.kind === 'service' ? placesOf(probe, service) : []));
  const hosts = [...new Set(service.hosts)];
  const scripts = scriptsOf(service, hostProbes);
  const total = scripts.reduce((sum, { probes: own }) => sum + own.length, 0) + places.length;
  const deadline = startDeadline(service, options);
  let done = 0;
  const report = (): void => options.onProgress?.({ hosts: hosts.length, done, total });
  const context: CollectContext = {
    service,
    signal: deadline.signal,
    connect: once((host) => options.connector.connect(host, deadline.signal)),
    reconnect: (host) => options.connector.connect(host, deadline.signal),
    worker: options.network,
    redactor: createRedactor([...(options.secrets ?? []), ...secretsOf(service)]),
    onRead: () => {
      done += 1;
      report();
    },
  };
  report();
  try {
    const [perHost, perPlace] = await Promise.all([
      Promise.all(scripts.map(({ host, probes: own }) => readHost(host, own, context))),
      Promise.all(places.map(({ probe, place }) => readPlace(probe, place, context))),
    ]);
    return {
      readings: [...perHost.flatMap(({ readings }) => readings), ...perPlace],
      // The balancer's host runs nothing of the service: its readings alone say whether it was reached.
      hosts: perHost.map(({ reach }) => reach).filter(({ name }) => hosts.includes(name)),
    };
  } finally {
    deadline.stop();
  }
};

/** Whatever is read on a host goes into one script, also where the balancer runs beside the service. */
const scriptsOf = (
  { hosts, balancer }: Service,
  probes: readonly HostProbe[],
): { host: string; probes: HostProbe[] }[] => {
  const atBalancer = probes.filter(({ at }) => at === 'balancer');
  const lone = atBalancer.length > 0 && balancer?.host !== undefined ? [balancer.host] : [];
  return [...new Set([...hosts, ...lone])].map((host) => ({
    host,
    probes: probes.filter(({ at }) => (at === 'balancer' ? host === balancer?.host : hosts.includes(host))),
  }));
};

/** A probe that cannot tell is asked to read, and its reading then says what is wrong with it. */
const applies = (probe: HostProbe, service: Service): boolean => {
  try {
    return probe.applies?.(service) ?? true;
  } catch {
    return true;
  }
};

type PlaceToRead = { probe: ServiceProbe; place: Place };

const placesOf = (probe: ServiceProbe, service: Service): PlaceToRead[] => {
  try {
    return probe.places(service).map((place) => ({ probe, place }));
  } catch (error) {
    const place: Place = { target: { kind: 'service', name: service.name }, from: 'worker' };
    const failing: ServiceProbe = { ...probe, read: () => Promise.reject(toError(error)) };
    return [{ probe: failing, place }];
  }
};

const startDeadline = (
  { deadlineSeconds }: Service,
  { signal: caller, until = Date.now() + deadlineSeconds * 1000 }: Pick<CollectOptions, 'signal' | 'until'>,
): { signal: AbortSignal; stop: () => void } => {
  const controller = new AbortController();
  setMaxListeners(Infinity, controller.signal); // one for each place that is read: many are no leak
  const onAbort = (): void =>
    controller.abort(new ClientError('cancelled', 'the run was called off', { cause: caller.reason }));
  const timer = setTimeout(
    () => {
      controller.abort(new ClientError('timeout', `not read within the run's ${deadlineSeconds} s`));
    },
    Math.max(0, until - Date.now()),
  );
  if (caller.aborted) onAbort();
  caller.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    stop: () => {
      clearTimeout(timer);
      caller.removeEventListener('abort', onAbort);
    },
  };
};

const once = <T>(work: (key: string) => Promise<T>): ((key: string) => Promise<T>) => {
  const started = new Map<string, Promise<T>>();
  return (key) => {
    const known = started.get(key);
    if (known) return known;
    const promise = work(key);
    promise.catch(() => undefined); // each who asks gets the rejection; nobody asking is no crash
    started.set(key, promise);
    return promise;
  };
};
