import { createHash, createHmac } from 'node:crypto';

/** One usable line of a known_hosts file that names the host. */
export type KnownKey = { type: string; key: string; revoked: boolean };

export type KnownHost = {
  keys: KnownKey[];
  /** The host is named by a `@cert-authority` line: ssh2 cannot check certificates. */
  certificatesOnly: boolean;
};

export type KeyVerdict = 'known' | 'unknown' | 'changed' | 'revoked';

/** The lines of a known_hosts text for `host:port`: plain, hashed, `[host]:port`, `*` and `?`, `!`, `@revoked`. */
export const lookUpKnownHost = (text: string, host: string, port: number): KnownHost => {
  const lines = text.split('\n').flatMap(parseLine);
  const named = lines.filter(({ hosts }) => hostsMatch(hosts, port === 22 ? host : `[${host}]:${port}`));
  // Like ssh: a key known for the bare name also counts on another port, but cannot make that port "changed".
  const bare = port === 22 ? [] : lines.filter(({ hosts }) => hostsMatch(hosts, host));
  const usable = named.length > 0 ? named : bare;
  const keys = usable.filter(({ marker }) => marker !== '@cert-authority');
  return {
    keys: keys.map(({ type, key, marker }) => ({ type, key, revoked: marker === '@revoked' })),
    certificatesOnly: keys.length === 0 && usable.length > 0,
  };
};

export const judgeKey = ({ keys }: KnownHost, presented: Buffer): KeyVerdict => {
  const same = keys.filter(({ key }) => key === presented.toString('base64'));
  if (same.some(({ revoked }) => revoked)) return 'revoked';
  if (same.length > 0) return 'known';
  return keys.some(({ revoked }) => !revoked) ? 'changed' : 'unknown';
};

/** As `ssh-keygen -lf` prints it. */
export const fingerprint = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;

/** The first string of the wire format: `ssh-ed25519`, `ssh-rsa`, … */
export const keyType = (key: Buffer): string => {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0;
  return key.toString('latin1', 4, 4 + Math.min(length, 64));
};

type Line = { marker: string; hosts: string; type: string; key: string };

const parseLine = (line: string): Line[] => {
  const fields = line.trim().split(/\s+/);
  if (fields[0] === undefined || fields[0] === '' || fields[0].startsWith('#')) return [];
  const marker = fields[0].startsWith('@') ? fields[0] : '';
  const [hosts, type, key] = marker === '' ? fields : fields.slice(1);
  if (hosts === undefined || type === undefined || key === undefined) return [];
  return [{ marker, hosts, type, key }];
};

const hostsMatch = (hosts: string, name: string): boolean => {
  if (hosts.startsWith('|1|')) return hashMatches(hosts, name);
  const patterns = hosts.toLowerCase().split(',');
  const matches = (pattern: string): boolean => patternMatches(pattern, name.toLowerCase());
  const negated = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  return !negated.some(matches) && patterns.some((pattern) => !pattern.startsWith('!') && matches(pattern));
};

const hashMatches = (hosts: string, name: string): boolean => {
  const [, , salt = '', hash = ''] = hosts.split('|');
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
};

/** `*` and `?` without a regular expression: a file with a thousand stars must not cost seconds. */
const patternMatches = (pattern: string, name: string): boolean => {
  let p = 0;
  let n = 0;
  let star = -1;
  let resume = 0;
  while (n < name.length) {
    if (pattern[p] === '*') {
      star = p++;
      resume = n;
    } else if (pattern[p] === '?' || pattern[p] === name[n]) {
      p++;
      n++;
    } else if (star >= 0) {
      p = star + 1;
      n = ++resume;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
};
