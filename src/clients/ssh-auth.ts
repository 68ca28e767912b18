import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import ssh2, { type AnyAuthMethod, type ParsedKey } from 'ssh2';
import { ClientError } from '../model/client-error.js';
import type { SshTarget } from './ssh-config.js';

/** What is offered to a host, in this order, and what could not be. */
export type Credentials = { methods: AnyAuthMethod[]; offered: string[]; notes: string[] };

const USUAL_KEYS = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

/** Public key only, asked for directly: no password is ever sent, and no `none` round is spent. */
export const credentialsFor = (target: SshTarget): Credentials => {
  const explicit = target.identityFiles.length > 0;
  const files = explicit
    ? target.identityFiles
    : USUAL_KEYS.map((key) => path.join(homedir(), '.ssh', key)).filter((file) => existsSync(file));
  const loaded = files.map((file) => ({ file, key: loadKey(file) }));
  const keys = loaded.flatMap(({ file, key }) => (typeof key === 'string' ? [] : [{ file, key }]));
  const notes = loaded.flatMap(({ file, key }) => (typeof key === 'string' ? [`${file} ${key}`] : []));
  const username = target.user;
  const agent = target.agentSocket;
  // IdentitiesOnly with a readable key: the agent's other keys would only use up the host's patience.
  const useAgent = agent !== undefined && !(target.identitiesOnly && keys.length > 0);
  const methods: AnyAuthMethod[] = keys.map(({ key }) => ({ type: 'publickey', username, key }));
  if (useAgent) methods.push({ type: 'agent', username, agent });
  if (methods.length === 0) throw new ClientError('denied', nothingToOffer(target, notes));
  return { methods, offered: [...keys.map(({ file }) => file), ...(useAgent ? ['the agent'] : [])], notes };
};

/** The key, or what is wrong with the file. */
const loadKey = (file: string): ParsedKey | string => {
  let text: Buffer;
  try {
    if (isOpenToOthers(file))
      return `can be read by others, so ssh would not use it either: \`chmod 600 ${file}\``;
    text = readFileSync(file);
  } catch (error) {
    return `cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : 'error'})`;
  }
  const key = ssh2.utils.parseKey(text);
  if (Array.isArray(key)) return 'holds several keys';
  if (!(key instanceof Error)) return key.isPrivateKey() ? key : 'holds a public key only';
  return /passphrase|encrypted/i.test(key.message)
    ? `has a passphrase: load it with \`ssh-add ${file}\``
    : `is not a private key (${key.message})`;
};

/** As ssh: a file of somebody else (a mounted secret of root) is that one's to guard. */
const isOpenToOthers = (file: string): boolean => {
  const { uid, mode } = statSync(file);
  return uid === process.getuid?.() && (mode & 0o077) !== 0;
};

const nothingToOffer = ({ name, user, hostName }: SshTarget, notes: string[]): string => {
  const why = notes.length > 0 ? notes.join('; ') : 'no key under ~/.ssh and no agent (SSH_AUTH_SOCK)';
  return `${name}: no key to log in as ${user}@${hostName} with: ${why}. Name a key file in DIAG503_SSH_KEY or hosts.${name}.identityFile`;
};
