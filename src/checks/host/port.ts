import { servicePort, type Service } from '../../model/service.js';
import type { ListenSocket } from '../../probes/listen-sockets.js';

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|\[?::1\]?|\[?::ffff:127\.\d+\.\d+\.\d+\]?)$/;
const WILDCARD = new Set(['*', '0.0.0.0', '[::]', '::']);

/** Sockets that listen on the health URL's port. */
export const onPort = (sockets: readonly ListenSocket[], service: Service): ListenSocket[] =>
  listensOn(sockets, servicePort(service));

export const listensOn = (sockets: readonly ListenSocket[], wanted: number): ListenSocket[] =>
  sockets.filter(({ kind, port }) => kind === 'tcp' && port === wanted);

/** As URLs and sockets write it. */
export const isOwnAddress = (host: string): boolean => host === 'localhost' || LOOPBACK.test(host);

/** Open, but for the host itself only. */
export const isLoopbackOnly = (sockets: readonly ListenSocket[]): boolean =>
  sockets.length > 0 && sockets.every(({ address }) => LOOPBACK.test(address.replace(/%.*$/, '')));

/** `ss` writes a socket that takes both kinds as `*` (IPV6_V6ONLY, net.ipv6.bindv6only), and `[::ffff:10.0.0.5]` is IPv4. */
export const isForIpv6Only = (sockets: readonly ListenSocket[]): boolean =>
  sockets.length > 0 && sockets.every(({ address }) => /^\[(?!::ffff:)/i.test(address));

/** Of them, those that a request to the health URL, sent on the host itself, would meet. */
export function onHealthAddress(sockets: readonly ListenSocket[], service: Service): ListenSocket[] {
  const loopback = isOwnAddress(new URL(service.health).hostname);
  return onPort(sockets, service).filter(({ address }) => {
    const bare = address.replace(/%.*$/, '');
    return !loopback || WILDCARD.has(bare) || LOOPBACK.test(bare);
  });
}

/** The fullest queue of the port; with SO_REUSEPORT there is one for each worker. */
export const fullestQueue = (sockets: readonly ListenSocket[]): ListenSocket | undefined =>
  [...sockets].sort((a, b) => steadyQueue(b) - steadyQueue(a))[0];

/** What waited at both samples: a burst that is gone at the second does not count. */
export const steadyQueue = ({ queued, queuedAgain }: ListenSocket): number =>
  Math.min(queued, queuedAgain ?? 0);
