import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { Command } from 'commander';
import { findProgram } from '../../servers/require-server.js';
import { goBesideHosts } from '../client.js';
import { bootLab, findLab, removeLab } from '../lab.js';
import { loadScenario } from '../scenario-files.js';
import { untilWell } from '../wellness.js';

/**
 * `npm run test:lab:alerts`: real hosts, a real Prometheus that reads the balancer's counters, two real Alertmanagers
 * with the configuration of docs/alerts.md, the real bot and worker. A fault is made, and nobody asks. Ends with 1 when
 * a thread is missing, doubled or wrong, or does not say that it is over.
 */
const CLASSES = [
  'dependency.payments-stopped',
  'not-started.stopped',
  'database-connections.database-limit',
] as const;
const PROGRAMS = { prometheus: 'prometheus', 'prometheus-alertmanager': 'prometheus-alertmanager' };
/** With the third time a service alternates, and nobody looks any more. */
const EPISODES_OF_A_SERVICE = 2;

const command = new Command('test:lab:alerts')
  .argument('[scenarios...]', 'as `npm run lab -- list` names them', CLASSES)
  .option('--up', 'use the lab that `npm run lab -- up` left up, and leave it up')
  .parse();
const { up = false } = command.opts<{ up?: true }>();
const ids = command.processedArgs[0] as readonly string[];

let watching: ChildProcess | null = null;
const stop = (signal: NodeJS.Signals): void => {
  if (watching !== null) watching.kill(signal);
  else void (up ? Promise.resolve() : removeLab()).then(() => process.exit(130));
};
process.on('SIGINT', stop).on('SIGTERM', stop);

async function main(): Promise<number> {
  await refuseWhatCannotBe();
  try {
    await untilWell(up ? findLab() : await bootLab());
    const watch = path.join(import.meta.dirname, 'watch.ts');
    watching = goBesideHosts([
      process.execPath,
      '--import',
      'tsx',
      watch,
      up ? 'kept' : 'thrown-away',
      ...ids,
    ]);
    const [code] = (await once(watching, 'exit')) as [number | null];
    return code ?? 1;
  } finally {
    watching = null;
    if (!up) await removeLab();
  }
}

async function refuseWhatCannotBe(): Promise<void> {
  for (const [program, debianPackage] of Object.entries(PROGRAMS))
    if (findProgram(program) === null)
      throw new Error(`${program} is missing: apt-get install --no-install-recommends ${debianPackage}`);
  const services = await Promise.all(ids.map(async (id) => (await loadScenario(id)).service));
  for (const service of services)
    if (services.filter((each) => each === service).length > EPISODES_OF_A_SERVICE)
      throw new Error(
        `More than ${EPISODES_OF_A_SERVICE} faults of ${service}: the third one is told to alternate.`,
      );
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return 1;
});
process.exit();
