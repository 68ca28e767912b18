import type { LabHost } from '../host.js';

/**
 * How long any queue of a listening port of this host may be; what listens already keeps what it had. Through a proc of
 * its own for a moment: the one that a host has is read-only there.
 */
export const capListenQueues = (host: LabHost, length: number): void => {
  const file = '/mnt/sys/net/core/somaxconn';
  host.sh(`unshare --mount sh -euc 'mount -t proc proc /mnt; echo ${String(length)} >${file}'`);
};

/** What Linux has where nobody sets another. */
export const USUAL_QUEUE = 4096;
