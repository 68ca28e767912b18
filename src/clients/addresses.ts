import { BlockList, isIP } from 'node:net';
import { ClientError } from '../model/client-error.js';

/** Cloud metadata and link-local addresses hold credentials and are never a dependency. */
const forbidden = new BlockList();
forbidden.addSubnet('169.254.0.0', 16, 'ipv4');
forbidden.addSubnet('fe80::', 10, 'ipv6');
forbidden.addAddress('fd00:ec2::254', 'ipv6');
forbidden.addAddress('100.100.100.200', 'ipv4');
forbidden.addSubnet('64:ff9b::a9fe:0', 112, 'ipv6'); // 169.254.0.0/16 through NAT64
/** A host that forwards resolves names itself, so the address behind these is never seen here. */
const METADATA_NAME = /^(?:metadata\.google\.internal|metadata\.goog|instance-data(?:\.ec2\.internal)?)\.?$/i;

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Throws for an address that no URL of the inventory may lead to. Names pass: whoever resolves them asks again. */
export const refuseForbidden = (address: string): void => {
  const plain = canonical(bare(address));
  const family = isIP(plain);
  const isMetadata = METADATA_NAME.test(plain);
  if (isMetadata || (family !== 0 && forbidden.check(plain, family === 6 ? 'ipv6' : 'ipv4')))
    throw new ClientError(
      'denied',
      `${address} is a link-local or metadata address: diag503 does not connect to it`,
    );
};

/** `2852039166` and `0xa9fea9fe` are addresses to every resolver; URLs of http know them, those of databases do not. */
const canonical = (host: string): string => {
  if (isIP(host) !== 0 || !URL.canParse(`http://${host}`)) return host;
  return new URL(`http://${host}`).hostname;
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
