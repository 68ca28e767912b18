import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bootHost, powerCycle, removeLeftovers, RUNNING } from '../lab/host.js';
import { createNetwork, removeNetwork } from '../lab/network.js';
import { ensureRootfs } from '../lab/rootfs.js';
import { writeHostPrograms } from './host-programs.js';
import type { LaneHost } from './lane-host.js';

const NAME = 'reboots';
const ADDRESS = '10.203.0.11';
/** Of the bridge, where the product stands. */
const WORKER = '10.203.0.1';
const FOLDER = '/srv/faults';

/** The network has to be there before anybody stands in it. */
export function prepareNetwork(): void {
  removeLeftovers();
  removeNetwork();
  createNetwork();
}

export const removeHosts = (): void => {
  removeLeftovers();
  removeNetwork();
};

/** A real systemd host in a container of its own, whose power goes and comes again. */
export async function startRebootingHost(folder: string): Promise<LaneHost> {
  const key = path.join(folder, 'key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  chmodSync(key, 0o600);
  const files = path.join(folder, 'files');
  const put = (name: string, text: string, mode: number): void => {
    mkdirSync(path.dirname(path.join(files, name)), { recursive: true });
    writeFileSync(path.join(files, name), text, { mode });
  };
  const search = `${FOLDER}/bin:/usr/local/bin:/usr/bin:/bin`;
  put(
    'etc/ssh/sshd_config.d/faults.conf',
    `SetEnv HOME=${FOLDER} PATH=${search}\nMaxStartups 100\nMaxSessions 100\n`,
    0o644,
  );
  put('etc/sudoers.d/faults', 'diag503 ALL=(root:root) NOPASSWD: ALL\n', 0o440);
  const rootfs = ensureRootfs();
  let host = await bootHost({
    ...{ name: NAME, address: ADDRESS, rootfs, controllers: true },
    publicKey: readFileSync(`${key}.pub`, 'utf8'),
    files: { etc: path.join(files, 'etc') },
  });
  const hostKey = readFileSync(path.join(rootfs, 'etc/ssh/ssh_host_ed25519_key.pub'), 'utf8');
  writeFileSync(path.join(folder, 'known_hosts'), `${ADDRESS} ${hostKey}`);
  return {
    programs: writeHostPrograms(path.join(RUNNING, NAME, 'root', FOLDER), FOLDER),
    inventory: `hosts:\n  ${NAME}: ${JSON.stringify({ address: `diag503@${ADDRESS}`, identityFile: key })}\n`,
    hostOf: () => NAME,
    address: WORKER,
    env: { DIAG503_SSH_KNOWN_HOSTS: path.join(folder, 'known_hosts') },
    powerCycle: async () => {
      host = await powerCycle(host, true);
    },
    close: () => host.stop(),
  };
}
