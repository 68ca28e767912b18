import { readFileSync } from 'node:fs';
import type { ServerHostKeyAlgorithm } from 'ssh2';
import { ClientError } from '../model/client-error.js';
import { fingerprint, judgeKey, keyType, lookUpKnownHost, type KeyVerdict } from './known-hosts.js';
import type { SshTarget } from './ssh-config.js';

/** Decides about a host's key; `refusal` says why after a `false`. */
export type HostKeyVerifier = {
  algorithms: ServerHostKeyAlgorithm[];
  accept(key: Buffer): boolean;
  refusal(): ClientError | null;
};

/** In ssh's order of preference, without SHA-1. A key of one type is signed for by any of its algorithms. */
const ALGORITHMS: Record<string, ServerHostKeyAlgorithm[]> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
};

/** There is no trust on first use: what is not known beforehand is refused before anything is sent. */
export const createHostKeyVerifier = (target: SshTarget): HostKeyVerifier => {
  const known = lookUpKnownHost(readAll(target.knownHostsFiles), target.knownAs, target.port);
  const judge = (key: Buffer): KeyVerdict => {
    const verdict = judgeKey(known, key);
    if (target.pinnedKey === undefined || verdict === 'revoked') return verdict;
    return fingerprint(key) === target.pinnedKey ? 'known' : 'changed';
  };
  let refusal: ClientError | null = null;
  return {
    algorithms: orderAlgorithms(known.keys.filter(({ revoked }) => !revoked).map(({ type }) => type)),
    accept: (key) => {
      const verdict = judge(key);
      if (verdict === 'known') return true;
      const note = known.certificatesOnly ? ' (host certificates are not supported: pin the key itself)' : '';
      refusal = new ClientError('denied', `${explain(target, verdict, key)}${note}`);
      return false;
    },
    refusal: () => refusal,
  };
};

/** Known types first: a host known by its RSA key, asked for ed25519, would look like another host. */
const orderAlgorithms = (knownTypes: string[]): ServerHostKeyAlgorithm[] => {
  const types = Object.keys(ALGORITHMS);
  const first = types.filter((type) => knownTypes.includes(type));
  const rest = types.filter((type) => !knownTypes.includes(type));
  return [...first, ...rest].flatMap((type) => ALGORITHMS[type] ?? []);
};

const explain = (target: SshTarget, verdict: KeyVerdict, key: Buffer): string => {
  const { name, hostName, port, pinnedKey } = target;
  const shown = `${keyType(key)} ${fingerprint(key)}`;
  const place = target.knownHostsFiles[0] ?? 'known_hosts';
  const scan = `ssh-keyscan ${port === 22 ? '' : `-p ${port} `}${hostName}`;
  if (verdict === 'revoked') return `${name}: the host key ${shown} is marked @revoked in ${place}`;
  if (pinnedKey !== undefined)
    return `${name}: the host key is ${shown}, not the pinned ${pinnedKey}; nothing was sent. If the host was rebuilt, set hosts.${name}.hostKey anew`;
  if (verdict === 'changed')
    return `${name}: the host key changed: it is ${shown}, known_hosts says another; nothing was sent. Somebody may be in between. If the host was rebuilt: \`ssh-keygen -R ${port === 22 ? hostName : `'[${hostName}]:${port}'`}\` and \`${scan} >> ${place}\``;
  return `${name}: the host key ${shown} is not known; nothing was sent. After comparing the fingerprint: \`${scan} >> ${place}\`, or pin it as hosts.${name}.hostKey in the inventory`;
};

const readAll = (files: string[]): string =>
  files
    .map((file) => {
      try {
        return readFileSync(file, 'utf8');
      } catch {
        return ''; // a file that is not there knows nobody, and then the host is refused
      }
    })
    .join('\n');
