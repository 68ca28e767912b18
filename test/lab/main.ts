import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { ignoreClosedPipe } from '../../src/cli/ignore-closed-pipe.js';
import { runBesideHosts } from './client.js';
import { commandLine, environment } from './diagnose.js';
import { findLab, KEPT, removeLab } from './lab.js';
import { CLIENT_NAMESPACE } from './network.js';
import { inject } from './run-scenario.js';
import { loadScenario, scenarioIds } from './scenario-files.js';
import { HOST_NAMES, HOSTS, type HostName } from './topology.js';
import { bootWellLab, untilWell } from './wellness.js';

/** `npm run lab -- …`: the lab by hand, as root. `LAB_NAME` gives each of several labs its own name. */
const INJECTED = path.join(KEPT, 'injected');
const program = new Command('lab')
  .description('Real systemd hosts, and faults that are really injected into them.')
  .enablePositionalOptions();

program.command('up').description('boot every host').action(up);
program.command('down').description('end every host; leaves nothing behind').action(removeLab);
program.command('list').description('all scenarios').action(list);
program
  .command('inject')
  .argument('<scenario>')
  .description('make a fault, as `list` names it')
  .action(injectByName);
program.command('heal').description('undo the fault that was injected').action(heal);
program
  .command('diagnose')
  .argument('[service]', 'an entry of test/lab/services.yaml', 'shop')
  .argument('[options...]', 'of `diag503 run`, after --')
  .description('what diag503 says now')
  .action(diagnoseNow);
program
  .command('ssh')
  .argument('<host>')
  .argument('[command...]', 'to run there; its own options come after --root')
  .description('log in as diag503 does; with --root as root')
  .option('--root', 'as root, without SSH')
  .passThroughOptions()
  .action(logIn);
await program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

async function up(): Promise<void> {
  // A boot that is broken off leaves nothing, either.
  const stop = (): void => void removeLab().then(() => process.exit(130));
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const start = Date.now();
  await bootWellLab();
  console.log(
    `${String(HOST_NAMES.length)} hosts are up after ${((Date.now() - start) / 1000).toFixed(1)} s.`,
  );
  process.exit(0);
}

async function list(): Promise<void> {
  ignoreClosedPipe();
  for (const id of scenarioIds()) console.log(`${id.padEnd(45)} ${(await loadScenario(id)).fault}`);
}

async function injectByName(id: string): Promise<void> {
  const scenario = await loadScenario(id);
  const before = existsSync(INJECTED) ? readFileSync(INJECTED, 'utf8') : '';
  if (before !== '') throw new Error(`${before} is injected: \`npm run lab -- heal\` first.`);
  writeFileSync(INJECTED, id);
  await inject(findLab(), scenario);
  console.log(
    `${scenario.fault}\nAn expert: ${scenario.because}\nNext: npm run lab -- diagnose ${scenario.service}`,
  );
}

async function heal(): Promise<void> {
  if (!existsSync(INJECTED)) throw new Error('Nothing is injected.');
  const lab = findLab();
  await (await loadScenario(readFileSync(INJECTED, 'utf8'))).heal(lab);
  await untilWell(lab);
  rmSync(INJECTED);
}

function diagnoseNow(service: string, options: string[]): void {
  const { status, stdout, stderr } = runBesideHosts(commandLine('run', service, ...options), environment());
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = status ?? 1;
}

function logIn(name: string, command: string[], { root }: { root?: boolean }): void {
  const host = HOST_NAMES.find((known): known is HostName => known === name);
  if (host === undefined) throw new Error(`The lab has ${HOST_NAMES.join(', ')}; no ${name}.`);
  if (root === true) {
    process.stdout.write(
      findLab()
        .host(host)
        .run('sh', '-c', command.length > 0 ? command.join(' ') : 'true'),
    );
    return;
  }
  const { address } = HOSTS[host];
  const options = [
    '-i',
    path.join(KEPT, 'key'),
    '-o',
    `UserKnownHostsFile=${path.join(KEPT, 'known_hosts')}`,
  ];
  const ssh = ['ip', 'netns', 'exec', CLIENT_NAMESPACE, 'ssh', ...options, `diag503@${address}`, ...command];
  const [program = '', ...args] = ssh;
  process.exitCode = spawnSync(program, args, { stdio: 'inherit' }).status ?? 1;
}
