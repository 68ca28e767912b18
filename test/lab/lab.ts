import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeCertificates } from './certificates.js';
import { removeClientGroups, removeClientNames, startBesideHosts, writeClientNames } from './client.js';
import { bootHost, findHost, removeLeftovers, RUNNING, type LabHost } from './host.js';
import { createNetwork, removeNetwork } from './network.js';
import { ensureRootfs } from './rootfs.js';
import { HOST_NAMES, HOSTS, PUBLIC_NAMES, WEB, type HostName } from './topology.js';

const here = import.meta.dirname;

/** Keys, certificates and what was injected: everything of a lab that is not a host. */
export const KEPT = path.join(RUNNING, '.lab');

export type Lab = {
  readonly host: (name: HostName) => LabHost;
  /** The hosts of the app. */
  readonly web: readonly LabHost[];
};

/** Boots every host and starts what it serves; what a crashed run left is removed first. */
export async function bootLab(): Promise<Lab> {
  await removeLab();
  const rootfs = ensureRootfs();
  createNetwork();
  writeClientNames();
  mkdirSync(KEPT, { recursive: true });
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(KEPT, 'key')]);
  makeCertificates(KEPT);
  const hostKey = readFileSync(path.join(rootfs, 'etc/ssh/ssh_host_ed25519_key.pub'), 'utf8');
  const knownHosts = HOST_NAMES.map((name) => `${HOSTS[name].address} ${hostKey}`).join('');
  writeFileSync(path.join(KEPT, 'known_hosts'), knownHosts);
  const hosts = await Promise.all(HOST_NAMES.map((name) => bootOne(name, rootfs)));
  // Names, then what the app needs, then the app.
  for (const roles of [['names'], ['database', 'cache', 'payments'], ['pooler'], ['web'], ['balancer']])
    for (const host of hosts) if (roles.includes(roleOf(host.name))) host.run('sh', '/prepare.sh');
  startTraffic();
  return labOf(hosts);
}

/** A few customers, all the time: logs have lines, counters move, queues fill as they would. One process, for it never ends. */
function startTraffic(): void {
  const ask = `const http = require('node:http');
    setInterval(() => process.argv.slice(1).forEach((url) =>
      http.get(url, { agent: false, signal: AbortSignal.timeout(8000) }, (answer) =>
        answer.resume().on('error', () => {})).on('error', () => {})), 1000);`;
  startBesideHosts([process.execPath, '-e', ask, ...PUBLIC_NAMES.map((name) => `http://${name}/`)]);
}

const roleOf = (name: string): string => HOSTS[name as HostName].role;

async function bootOne(name: HostName, rootfs: string): Promise<LabHost> {
  const { role, address } = HOSTS[name];
  const folder = path.join(here, 'hosts', role);
  const resolver = path.join(KEPT, 'resolv.conf');
  if (!existsSync(resolver))
    writeFileSync(resolver, `nameserver ${HOSTS['ns-1'].address}\noptions timeout:1 attempts:2\n`);
  return bootHost({
    name,
    address,
    rootfs,
    controllers: role === 'web',
    publicKey: readFileSync(path.join(KEPT, 'key.pub'), 'utf8'),
    files: {
      '.': folder,
      'etc/resolv.conf': resolver,
      'etc/ssl/lab-ca.crt': path.join(KEPT, 'ca.crt'),
      ...(role === 'payments'
        ? {
            'srv/payments/server.crt': path.join(KEPT, 'server.crt'),
            'srv/payments/server.key': path.join(KEPT, 'server.key'),
          }
        : {}),
    },
  });
}

/** The lab that `bootLab` left up, in this process or another. */
export function findLab(): Lab {
  const hosts = HOST_NAMES.map((name) => {
    const host = findHost(name, HOSTS[name].address);
    if (host === undefined) throw new Error(`${name} is not up: run \`npm run lab -- up\` first.`);
    return host;
  });
  return labOf(hosts);
}

function labOf(hosts: readonly LabHost[]): Lab {
  const host = (name: HostName): LabHost => {
    const found = hosts.find((item) => item.name === name);
    if (found === undefined) throw new Error(`The lab has no host ${name}.`);
    return found;
  };
  return { host, web: WEB.map(host) };
}

/** Leaves no mount, namespace, interface, cgroup or process behind. */
export async function removeLab(): Promise<void> {
  removeLeftovers();
  removeNetwork();
  removeClientNames();
  removeClientGroups();
  rmSync(RUNNING, { recursive: true, force: true });
}
