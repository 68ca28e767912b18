import type { HostConnector } from '../src/clients/host-connection.js';
import { calmly, type Logger } from '../src/logger.js';
import type { Inventory } from '../src/model/service.js';

/** How soon a lost connection is made anew. sshd must not take it for an attack. */
const LOOK_EVERY_MS = 20_000;
/** A host that fails is told of once in a while; the diagnosis itself says it again. */
const TELL_EVERY_MS = 10 * 60_000;

type Needs = { connector: HostConnector; hosts: ReadonlySet<string>; logger: Logger; everyMs?: number };

/** The hosts of services that ask for it, and of their balancers. */
export const standbyHosts = ({ services }: Inventory): ReadonlySet<string> =>
  new Set(
    [...services.values()]
      .filter(({ standby }) => standby)
      .flatMap(({ hosts, balancer }) => [...hosts, ...(balancer?.host === undefined ? [] : [balancer.host])]),
  );

/** Stays logged in: an open connection to a drowning host answers many times sooner than a new login. */
export function holdStandby({ connector, hosts, logger, everyMs = LOOK_EVERY_MS }: Needs): { stop(): void } {
  const warn = calmly((error) => logger.warn({ err: error }, 'no standby connection'), TELL_EVERY_MS);
  const look = (): void => {
    for (const host of hosts) connector.connect(host, AbortSignal.timeout(everyMs)).catch(warn);
  };
  look();
  const timer = setInterval(look, everyMs);
  return { stop: () => clearInterval(timer) };
}
