import { BlockList, isIP } from 'node:net';
import { ClientError } from '../model/client-error.js';

/** Cloud metadata and link-local addresses hold credentials and are never a dependency. */
const forbidden = new BlockList();
forbidden.addSubnet('169.254.0.0', 16, 'ipv4');
forbidden.addSubnet('fe80::', 10, 'ipv6');
forbidden.addAddress('fd00:ec2::254', 'ipv6');
forbidden.addAddress('100.100.100.200', 'ipv4');

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Throws for an address that no URL of the inventory may lead to. Names pass: whoever resolves them asks again. */
export const refuseForbidden = (address: string): void => {
  const family = isIP(bare(address));
  if (family === 0) return;
  if (forbidden.check(bare(address), family === 6 ? 'ipv6' : 'ipv4'))
    throw new ClientError(
      'denied',
      `${address} is a link-local or metadata address: diag503 does not connect to it`,
    );
};

/** True for what means "this machine", wherever that is. */
export const isLoopback = (host: string): boolean => {
  if (host.startsWith('/')) return true; // a unix socket
  const name = bare(host).toLowerCase().replace(/\.$/, '');
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  const family = isIP(name);
  return family !== 0 && loopback.check(name, family === 6 ? 'ipv6' : 'ipv4');
};

/** `[::1]` as URLs write it -> `::1` as sockets want it. */
export const bare = (host: string): string => host.replace(/^\[(.*)\]$/, '$1');
