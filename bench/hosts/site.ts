import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMsOf } from '../../test/lab/controllers.js';
import { bootHost, removeLeftovers, type LabHost } from '../../test/lab/host.js';
import { CLIENT_NAMESPACE, createNetwork, LAB, removeNetwork } from '../../test/lab/network.js';
import { ensureRootfs } from '../../test/lab/rootfs.js';
import { benchGroup, type Group } from './group.js';
import { BLACK_HOLE, inventoryText, sshConfigText } from './site-files.js';

/** Real hosts with a real shop, and what a person beside them needs to log in. */
export type Site = {
  folder: string;
  group: Group;
  /** Those that are looked at. */
  hosts: readonly LabHost[];
  inventory: string;
  sshConfig: string;
  env: Record<string, string>;
};

const SHOP_FOLDER = path.join(import.meta.dirname, '../shop');
const DATABASE = { name: 'db-1', address: '10.203.0.2' };
const addressOf = (index: number): string => `10.203.0.${10 + index}`;
export const hostName = (index: number): string => `api-${index}`;

export async function openSite(
  count: number,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<Site> {
  await removeLeftSite();
  const group = benchGroup(LAB);
  const folder = mkdtempSync(path.join(tmpdir(), `diag503-bench-${LAB}-`));
  chmodSync(folder, 0o755);
  const rootfs = ensureRootfs();
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(folder, 'key')]);
  writeFileSync(path.join(folder, 'sshd.conf'), 'LogLevel VERBOSE\n'); // it logs each session
  mkdirSync(path.join(folder, 'masters'));
  createNetwork();
  execFileSync('ip', [
    ...['-n', CLIENT_NAMESPACE, 'neigh', 'add', BLACK_HOLE.address],
    ...['lladdr', '02:00:00:00:02:50', 'dev', 'br0', 'nud', 'permanent'],
  ]);
  const boot = (name: string, address: string): Promise<LabHost> =>
    bootShop({ name, address, rootfs, folder });

  log(`booting ${DATABASE.name} and ${count} hosts`);
  const database = await boot(DATABASE.name, DATABASE.address);
  prepareDatabase(database);
  const names = Array.from({ length: count }, (_, index) => index + 1);
  const hosts: LabHost[] = [];
  for (const index of names) {
    signal.throwIfAborted();
    hosts.push(await boot(hostName(index), addressOf(index)));
  }
  for (const host of hosts) host.run('systemctl', 'start', 'shop');
  for (const host of hosts) host.run('sh', '-c', VISIT);

  const inventory = path.join(folder, 'services.yaml');
  const addresses = names.map((index) => ({ name: hostName(index), address: addressOf(index) }));
  const key = path.join(folder, 'key');
  const hostKey = readFileSync(path.join(rootfs, 'etc/ssh/ssh_host_ed25519_key.pub'), 'utf8');
  const known = [...addresses, BLACK_HOLE].map(({ name, address }) => `${name},${address} ${hostKey}`);
  writeFileSync(path.join(folder, 'known_hosts'), known.join(''));
  writeFileSync(inventory, inventoryText([...addresses, BLACK_HOLE], DATABASE.address));
  writeFileSync(path.join(folder, 'ssh_config'), sshConfigText([...addresses, BLACK_HOLE], folder));
  return {
    ...{ folder, group, hosts, inventory, sshConfig: path.join(folder, 'ssh_config') },
    env: {
      SHOP_DB_URL: `postgresql://diag503:looking@${DATABASE.address}:5432/orders`,
      DIAG503_SSH_KEY: key,
      DIAG503_SSH_KNOWN_HOSTS: path.join(folder, 'known_hosts'),
    },
  };
}

/** Also ends what a crashed run left; touches nothing of a lab with another name. */
export async function removeLeftSite(): Promise<void> {
  const group = benchGroup(LAB);
  group.kill();
  removeLeftovers();
  removeNetwork();
  await group.remove();
}

export const removeFolder = ({ folder }: Site): void => rmSync(folder, { recursive: true, force: true });

/** Sixty entries in the journal of the shop. */
const VISIT = `for i in $(seq 60); do curl -s -m 5 -o /dev/null http://localhost:8000/health/; done`;

function bootShop({ name, address, rootfs, folder }: BootOptions): Promise<LabHost> {
  const environment = path.join(folder, 'shop.env');
  const url = `postgresql://shop:shop@${DATABASE.address}:5432/orders`;
  writeFileSync(environment, `SHOP_DATABASE_URL=${url}\nSHOP_REDIS_URL=redis://${DATABASE.address}:6379/0\n`);
  return bootHost({
    ...{ name, address, rootfs },
    publicKey: readFileSync(path.join(folder, 'key.pub'), 'utf8'),
    files: {
      'srv/shop/shop.py': path.join(SHOP_FOLDER, 'shop.py'),
      'etc/shop.env': environment,
      'etc/systemd/system/shop.service': path.join(SHOP_FOLDER, 'shop.service'),
      'etc/ssh/sshd_config.d/bench.conf': path.join(folder, 'sshd.conf'),
    },
  });
}

type BootOptions = { name: string; address: string; rootfs: string; folder: string };

function prepareDatabase(host: LabHost): void {
  host.run('systemctl', 'start', 'postgresql', 'redis-server');
  host.run('redis-cli', 'config', 'set', 'bind', '0.0.0.0');
  host.run('redis-cli', 'config', 'set', 'protected-mode', 'no');
  host.run('sh', '-c', DATABASE_SCRIPT);
}

const DATABASE_SCRIPT = `set -e
until su postgres -c "psql -qtc 'select 1'" >/dev/null 2>&1; do sleep 0.2; done
su postgres -c "psql -q -v ON_ERROR_STOP=1" <<SQL
alter system set max_connections = 400;
alter system set listen_addresses = '*';
create role shop login password 'shop';
create database orders owner shop;
create role diag503 login password 'looking';
grant pg_monitor to diag503;
\\c orders
create table orders (id int primary key);
insert into orders select generate_series(1, 10);
grant select on orders to shop;
SQL
echo 'host all all 10.203.0.0/24 scram-sha-256' >>/etc/postgresql/15/main/pg_hba.conf
systemctl restart postgresql@15-main
until su postgres -c "psql -qtc 'select 1'" >/dev/null 2>&1; do sleep 0.2; done`;

/** What a host does when nobody looks, to be taken off from what a look costs it. */
export async function idleCpu(hosts: readonly LabHost[]): Promise<number> {
  const seconds = 2;
  const before = cpuOf(hosts);
  await sleep(seconds * 1000);
  return (cpuOf(hosts) - before) / seconds / 1000;
}

export const cpuOf = (hosts: readonly LabHost[]): number =>
  hosts.reduce((sum, { name }) => sum + cpuMsOf(name), 0);
