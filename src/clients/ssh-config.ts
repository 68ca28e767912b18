import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import path from 'node:path';
import SSHConfig from 'ssh-config';
import { ClientError } from '../model/client-error.js';
import type { HostAccess } from '../model/service.js';

/** How to reach, recognise and log in to one host. */
export type SshTarget = {
  /** As the inventory calls it. */
  name: string;
  hostName: string;
  port: number;
  user: string;
  /** What known_hosts calls it: HostKeyAlias, or the host's name. */
  knownAs: string;
  knownHostsFiles: string[];
  /** `SHA256:…` of the inventory; then known_hosts is not asked. */
  pinnedKey: string | undefined;
  /** Key files named by the inventory, the environment or ssh_config; empty: the usual names under ~/.ssh. */
  identityFiles: string[];
  identitiesOnly: boolean;
  agentSocket: string | undefined;
  /** Hosts to go through, the first one first. */
  jumps: string[];
};

export type SshSettings = {
  /** Instead of ~/.ssh/config and /etc/ssh/ssh_config. */
  sshConfigPath?: string;
  /** Instead of the known_hosts files that ssh reads. */
  knownHostsPath?: string;
  identityFile?: string;
  agentSocket?: string;
};

type Address = { user?: string; host: string; port?: number };

/** `user@host:port`, `[::1]:22` or a name of ssh_config. */
export const parseAddress = (text: string): Address => {
  const match = /^(?:(?<user>[^@]+)@)?(?:\[(?<ip6>[^\]]+)\]|(?<host>[^:]+))(?::(?<port>\d+))?$/.exec(text);
  const { user, ip6, host, port } = match?.groups ?? {};
  const name = ip6 ?? host;
  if (name === undefined) throw new ClientError('unreachable', `${text}: not an address like user@host:port`);
  return {
    host: name,
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port: Number(port) }),
  };
};

/**
 * Joins what the inventory, the environment and ssh_config say; the earlier wins. Read here instead of asking
 * `ssh -G`: a small machine has no ssh, and both ways at once would be two behaviours.
 */
export const resolveTarget = (
  name: string,
  settings: SshSettings,
  access: HostAccess | undefined,
): SshTarget => {
  const address = parseAddress(access?.address ?? name);
  const value = lookUp(address.host, settings.sshConfigPath);
  const login = loginOf(address, value);
  const expand = (text: string): string => expandTokens(text, { alias: address.host, ...login });
  const jumps = access?.jump === undefined ? parseJumps(value('proxyjump')) : [access.jump];
  if (jumps.length === 0) refuseProxyCommand(name, value('proxycommand'));
  return {
    name,
    ...login,
    knownAs: value('hostkeyalias') ?? login.hostName.toLowerCase(),
    knownHostsFiles: knownHostsFiles(settings, value.all).map(expand),
    pinnedKey: access?.hostKey,
    identityFiles: identityFiles(settings, access, value.all('identityfile')).map(expand),
    identitiesOnly: value('identitiesonly')?.toLowerCase() === 'yes',
    agentSocket: settings.agentSocket ?? agentOf(value('identityagent'), expand),
    jumps,
  };
};

const loginOf = (address: Address, value: LookUp): { hostName: string; port: number; user: string } => ({
  hostName: (value('hostname') ?? address.host).replaceAll('%h', address.host).replaceAll('%%', '%'),
  port: address.port ?? Number(value('port') ?? 22),
  user: address.user ?? value('user') ?? userInfo().username,
});

type LookUp = { (key: string): string | undefined; all: (key: string) => string[] };

const lookUp = (host: string, only: string | undefined): LookUp => {
  const files = only === undefined ? [path.join(homedir(), '.ssh', 'config'), '/etc/ssh/ssh_config'] : [only];
  // `Host *` between the files: a section of the first must not swallow the head of the second.
  const text = files.map((file) => readWithIncludes(file, only === undefined, 0)).join('\nHost *\n');
  const computed = SSHConfig.parse(text).compute(host, { ignoreCase: true, matchExec: false });
  const all = (key: string): string[] =>
    [computed[key] ?? []].flat().filter((item) => item !== 'none' || key === 'identityagent');
  return Object.assign((key: string) => all(key)[0], { all });
};

/** ssh itself stops at 16. */
const MAX_INCLUDES = 16;

const readWithIncludes = (file: string, mayMiss: boolean, depth: number): string => {
  if (depth > MAX_INCLUDES || (mayMiss && !existsSync(file))) return '';
  let section = 'Host *';
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines
    .flatMap((line) => {
      if (/^\s*(host|match)[\s=]/i.test(line)) section = line.trim();
      const include = /^\s*include[\s=]+(.+)$/i.exec(line)?.[1];
      if (include === undefined) return [line];
      const texts = includedFiles(include, file).map((each) => readWithIncludes(each, true, depth + 1));
      return [...texts, section];
    })
    .join('\n');
};

/** Relative names count from ~/.ssh (or /etc/ssh); `*` and `?` work in the last part of the path. */
const includedFiles = (names: string, from: string): string[] =>
  names
    .trim()
    .split(/\s+/)
    .flatMap((name) => {
      const full = path.resolve(path.dirname(from), expandHome(name.replaceAll('"', '')));
      const folder = path.dirname(full);
      if (!/[*?]/.test(path.basename(full))) return [full];
      const pattern = path.basename(full).replace(/[.+^${}()|[\]\\]/g, '\\$&');
      const matcher = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
      const entries = existsSync(folder) ? readdirSync(folder) : [];
      return entries
        .filter((entry) => matcher.test(entry) && !entry.startsWith('.'))
        .toSorted()
        .map((entry) => path.join(folder, entry));
    });

const expandHome = (text: string): string =>
  text === '~' || text.startsWith('~/') ? path.join(homedir(), text.slice(1)) : text;

const expandTokens = (
  text: string,
  { alias, hostName, port, user }: { alias: string; hostName: string; port: number; user: string },
): string => {
  const tokens: Record<string, string> = {
    '%': '%',
    d: homedir(),
    h: hostName,
    n: alias,
    p: String(port),
    r: user,
    u: userInfo().username,
  };
  return expandHome(text.replace(/%(.)/g, (whole, token: string) => tokens[token] ?? whole));
};

const parseJumps = (text: string | undefined): string[] =>
  text === undefined ? [] : text.split(',').map((jump) => jump.trim().replace(/^ssh:\/\//, ''));

/** Connecting past a configured proxy would be wrong without a word; running it would start foreign programs. */
const refuseProxyCommand = (name: string, command: string | undefined): void => {
  if (command === undefined) return;
  throw new ClientError(
    'unreachable',
    `${name}: ssh_config asks for ProxyCommand, which is not supported; ProxyJump (or \`jump\` in the inventory) is`,
  );
};

const agentOf = (configured: string | undefined, expand: (text: string) => string): string | undefined => {
  const fromEnvironment = process.env['SSH_AUTH_SOCK'];
  if (configured === 'none') return undefined;
  if (configured === undefined || configured === 'SSH_AUTH_SOCK') return fromEnvironment;
  return expand(configured);
};

const knownHostsFiles = (settings: SshSettings, all: (key: string) => string[]): string[] => {
  if (settings.knownHostsPath !== undefined) return [settings.knownHostsPath];
  const own = all('userknownhostsfile').flatMap((text) => text.split(/\s+/));
  const global = all('globalknownhostsfile').flatMap((text) => text.split(/\s+/));
  return [
    ...(own.length > 0 ? own : ['~/.ssh/known_hosts', '~/.ssh/known_hosts2']),
    ...(global.length > 0 ? global : ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2']),
  ];
};

const identityFiles = (
  settings: SshSettings,
  access: HostAccess | undefined,
  configured: string[],
): string[] => {
  if (access?.identityFile !== undefined) return [access.identityFile];
  if (settings.identityFile !== undefined) return [settings.identityFile];
  return configured;
};
