import { z } from 'zod';
import { isLoopback } from '../clients/addresses.js';
import type { Network } from '../clients/host-connection.js';
import { ClientError } from '../model/client-error.js';
import type { Dependency, Service } from '../model/service.js';
import { WORKER, type Place } from './define-probe.js';

/** What one dependency answered from one place: the ladder DNS, TCP, TLS, login, answer, up to where it held. */
export const DependencyAnswer = z.object({
  kind: z.enum(['http', 'redis', 'postgres', 'tcp']),
  /** Host and port, without a password. */
  address: z.string(),
  /** The last rung that was tried. With `failure` null it held, and so did all before it. */
  rung: z.enum(['dns', 'tcp', 'tls', 'auth', 'answer']),
  failure: z
    .object({
      rung: z.enum(['dns', 'tcp', 'tls', 'auth', 'answer']),
      kind: z.enum([
        'not-found',
        'refused',
        'timeout',
        'no-route',
        'certificate',
        'reset',
        'protocol',
        'denied',
        'other',
      ]),
      /** Verbatim. */
      message: z.string(),
      /** SQLSTATE, prefix of a Redis error or HTTP status. */
      code: z.string().nullable(),
    })
    .nullable(),
  /** Of one cheap question (PING, SELECT 1, first byte, connect), or of the time to the failure. */
  latencyMs: z.number().nonnegative(),
  certificateExpiresAt: z.iso.datetime().nullable(),
  /** Numbers and states that only this kind has. */
  details: z.record(z.string(), z.json()),
  /** What a check may quote. */
  lines: z.array(z.string()),
});
export type DependencyAnswer = z.infer<typeof DependencyAnswer>;

/** The service's dependencies of one kind; its own database counts as one named `database`. */
export const dependenciesOf = <K extends Dependency['kind']>(
  service: Service,
  kind: K,
): Extract<Dependency, { kind: K }>[] => {
  const own: Dependency[] = service.database ? [{ name: 'database', ...service.database }] : [];
  return [...own, ...service.dependencies].filter(
    (dependency): dependency is Extract<Dependency, { kind: K }> => dependency.kind === kind,
  );
};

/** Each dependency, asked from where each of the service's hosts stands. */
export const dependencyPlaces = (service: Service, kind: Dependency['kind']): Place[] =>
  dependenciesOf(service, kind).flatMap(({ name }) =>
    service.hosts.map((host) => ({ target: { kind: 'dependency' as const, name }, from: host })),
  );

export const dependencyOf = <K extends Dependency['kind']>(
  service: Service,
  kind: K,
  place: Place,
): Extract<Dependency, { kind: K }> => {
  const found = dependenciesOf(service, kind).find(({ name }) => name === place.target.name);
  if (!found) throw new ClientError('malformed', `no dependency ${place.target.name} of kind ${kind}`);
  return found;
};

/** `localhost` of a host is not the worker's: where the host forwards nothing, there is no second view of it. */
export const refuseForeignLoopback = (address: string, place: Place, network: Network): void => {
  if (network.name === WORKER && place.from !== WORKER && isLoopback(address))
    throw new ClientError(
      'denied',
      `${address} is ${place.from}'s own loopback, and its sshd forwards no connections; \`AllowTcpForwarding yes\` (or \`local\`) would allow it`,
    );
};
