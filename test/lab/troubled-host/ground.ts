import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RunDocument } from '../../../src/model/verdict.js';
import { exitCodeOf } from '../../../src/cli/exit-codes.js';
import { groupOf, inGroups, removeGroups } from '../controllers.js';
import { bootHost, removeLeftovers, type LabHost } from '../host.js';
import { CLIENT_NAMESPACE, createNetwork, removeNetwork } from '../network.js';
import { ensureRootfs } from '../rootfs.js';

const here = import.meta.dirname;
const project = path.resolve(here, '../../..');

/** The same service on a host with cgroup v2, and on one with v1 and its controllers. */
const HOSTS = {
  v2: { address: '10.203.0.11', controllers: false },
  v1: { address: '10.203.0.12', controllers: true },
} as const;
export type HostName = keyof typeof HOSTS;

export type Look = {
  document: RunDocument;
  /** `check: summary` of every finding. */
  findings: string[];
  /** `check: reason` of everything that could not be checked. */
  unknown: string[];
};

/** The run's deadline, and what the judgement and a loaded machine may take on top. */
const DEADLINE_MS = 10_000;
const MARGIN_MS = 1500;
/** As on machines of their own: beside whatever else runs here, host and client weigh as much as they can. */
const FULL_SHARES = '262144';
const CLIENT = 'client';

export type Ground = {
  readonly hosts: Record<HostName, LabHost>;
  /** The real command over SSH, as the unprivileged account; whatever it finds must have been said in time. */
  look(host: HostName): Promise<Look>;
  /** Logs in as OpenSSH's own client would, and runs `true`. */
  logIn(host: HostName): void;
  untilHealthy(host: HostName): Promise<void>;
  end(): void;
};

export async function prepareGround(): Promise<Ground> {
  removeLeftovers();
  removeNetwork();
  const rootfs = ensureRootfs();
  const folder = mkdtempSync(path.join(tmpdir(), 'diag503-trouble-'));
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(folder, 'key')]);
  createNetwork();
  const boot = async (name: HostName): Promise<LabHost> => {
    const host = await bootHost({
      name,
      ...HOSTS[name],
      rootfs,
      publicKey: readFileSync(path.join(folder, 'key.pub'), 'utf8'),
      files: {
        'srv/spool': here,
        'etc/systemd/system/spool.service': path.join(here, 'spool.service'),
      },
    });
    writeFileSync(path.join(groupOf(name, 'cpu'), 'cpu.shares'), FULL_SHARES);
    host.run('systemctl', 'start', 'spool');
    return host;
  };
  const hosts = { v2: await boot('v2'), v1: await boot('v1') };
  const hostKey = readFileSync(path.join(rootfs, 'etc/ssh/ssh_host_ed25519_key.pub'), 'utf8');
  const names = Object.entries(HOSTS);
  writeFileSync(
    path.join(folder, 'known_hosts'),
    names.map(([, { address }]) => `${address} ${hostKey}`).join(''),
  );
  writeFileSync(path.join(folder, 'services.yaml'), INVENTORY);
  const inClientGroup = (command: readonly string[]): string[] => {
    const inside = inGroups(CLIENT, ['nsenter', `--net=/run/netns/${CLIENT_NAMESPACE}`, ...command]);
    writeFileSync(path.join(groupOf(CLIENT, 'cpu'), 'cpu.shares'), FULL_SHARES);
    return inside;
  };
  const environment = {
    ...process.env,
    DIAG503_SSH_KEY: path.join(folder, 'key'),
    DIAG503_SSH_KNOWN_HOSTS: path.join(folder, 'known_hosts'),
  };
  return {
    hosts,
    look: async (host) => {
      const inventory = path.join(folder, 'services.yaml');
      const command = [process.execPath, '--import', 'tsx', 'src/cli/main.ts', 'run', `spool-${host}`];
      const ended = await run(inClientGroup([...command, '--json', '--inventory', inventory]), environment);
      if (ended.stdout === '') throw new Error(`no document: ${ended.stderr}`);
      const document = RunDocument.parse(JSON.parse(ended.stdout));
      if (process.env['LAB_VERBOSE']) console.log(JSON.stringify(document, null, 1));
      if (ended.status !== exitCodeOf[document.verdict.status])
        throw new Error(`ended with ${String(ended.status)} for ${document.verdict.status}`);
      if (document.run.durationMs > DEADLINE_MS + MARGIN_MS)
        throw new Error(`took ${document.run.durationMs} ms: longer than it may`);
      return {
        document,
        findings: document.findings.map(({ check, summary }) => `${check}: ${summary}`),
        unknown: document.unknown.map(({ check, reason }) => `${check}: ${reason}`),
      };
    },
    logIn: (host) => {
      const options = [
        ...[
          '-i',
          environment.DIAG503_SSH_KEY,
          '-o',
          `UserKnownHostsFile=${environment.DIAG503_SSH_KNOWN_HOSTS}`,
        ],
        ...['-F', '/dev/null', '-o', 'KexAlgorithms=curve25519-sha256', `diag503@${HOSTS[host].address}`],
      ];
      const [program = '', ...args] = inClientGroup(['ssh', ...options, 'true']);
      execFileSync(program, args, { stdio: 'pipe' });
    },
    untilHealthy: async (host) => {
      const url = `http://127.0.0.1:8000/`;
      for (let attempt = 0; attempt < 150; attempt += 1) {
        const asked = hosts[host].run('sh', '-c', `curl -s -o /dev/null -m 3 -w '%{http_code}' ${url} || :`);
        if (asked === '200') return;
        await sleep(200);
      }
      throw new Error(`${host} does not answer 200: the trouble before was not healed.`);
    },
    end: () => {
      removeLeftovers();
      removeNetwork();
      removeGroups(CLIENT);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Ended = { status: number | null; stdout: string; stderr: string };

const run = ([program = '', ...args]: string[], env: NodeJS.ProcessEnv): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: project, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', reject);
    child.once('close', (status) => {
      resolve({ status, stdout, stderr });
    });
  });

const INVENTORY = `
hosts:
  v2: { address: diag503@${HOSTS.v2.address} }
  v1: { address: diag503@${HOSTS.v1.address} }
services:
  spool-v2: { hosts: [v2], unit: spool, health: http://localhost:8000/health/, url: "http://${HOSTS.v2.address}:8000/" }
  spool-v1: { hosts: [v1], unit: spool, health: http://localhost:8000/health/, url: "http://${HOSTS.v1.address}:8000/" }
`;
