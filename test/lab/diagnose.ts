import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { RunDocument } from '../../src/model/verdict.js';
import { runBesideHosts } from './client.js';
import { KEPT } from './lab.js';

const project = path.resolve(import.meta.dirname, '../..');

/** What the command line of diag503 needs in order to stand beside the hosts as an engineer would. */
export const environment = (): Record<string, string> => ({
  SHOP_DB_URL: 'postgresql://diag503:looking@db.lab.test:5432/shop',
  DESK_DB_URL: 'postgresql://diag503:looking@pool.lab.test:6432/desk',
  CACHE_URL: 'redis://diag503:looking@cache.lab.test:6379',
  DIAG503_SSH_KEY: path.join(KEPT, 'key'),
  DIAG503_SSH_KNOWN_HOSTS: path.join(KEPT, 'known_hosts'),
  NODE_EXTRA_CA_CERTS: path.join(KEPT, 'ca.crt'),
});

export const commandLine = (...args: string[]): string[] => [
  process.execPath,
  ...['--import', 'tsx', path.join(project, 'src/cli/main.ts'), ...args],
  ...INVENTORY,
];
const INVENTORY = ['--inventory', path.join(import.meta.dirname, 'services.yaml')];

/**
 * What `diagnose` runs is what is installed: built once, it starts with less than half of the CPU time that the source
 * takes. Types are checked by `npm run typecheck`; without that the build is done before the labs are up.
 */
export function build(): void {
  const inProject = { cwd: project, stdio: 'inherit' } as const;
  execFileSync('npx', ['tsc', '-p', 'tsconfig.build.json', '--noCheck'], inProject);
  execFileSync(process.execPath, ['scripts/copy-assets.js'], inProject);
}

/** Runs the real command over SSH as the unprivileged account; the stored run comes back with the document. */
export function diagnose(service: string): { document: RunDocument; storedRun: string } {
  const file = path.join(KEPT, 'run.json');
  const options = ['run', service, '--json', '--save', file];
  const command = [process.execPath, path.join(project, 'bin/diag503.js'), ...options, ...INVENTORY];
  const { status, stdout, stderr } = runBesideHosts(command, environment());
  if (stdout === '') throw new Error(`diag503 run ended with ${String(status)}: ${stderr}`);
  return { document: RunDocument.parse(JSON.parse(stdout)), storedRun: readFileSync(file, 'utf8') };
}
