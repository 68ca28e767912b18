import { mkdirSync } from 'node:fs';
import { Command } from 'commander';
import { findProgram } from '../servers/require-server.js';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { CLIENT_NAMESPACE } from '../lab/network.js';
import { endedWithUs, endEverything } from './ended-with-us.js';
import { prepareNetwork, removeHosts } from './rebooting-host.js';
import { run } from './run.js';

/**
 * `npm run test:faults`: kills, freezes, outages and double clicks on the real product, a storm of alerts, and the
 * outside text. Ends with 1 when a promise is broken: an effect twice, an untrue word in a thread, a broken audit, an
 * alert lost.
 */
const options = new Command('test:faults')
  .option('--kills <n>', 'at least so many kills in each phase', '25')
  .option('--lanes <n>', 'so many products at once', '2')
  .option('--minutes <n>', 'begin no further round of kills after that long, and say what is missing', '40')
  .option('--redis', 'queues on a real Redis, and kill it too')
  .option('--only <pattern>', 'regular expression on: crash, clicks, freeze, outage, outside-text, storm', '')
  .option('--texts <n>', 'so many texts from outside', '10000')
  .option('--alerts <n>', 'so many alerts in the storm', '10000')
  .option('--bots <n>', 'bots in the storm', '2')
  .option('--workers <n>', 'workers in the storm', '2')
  .option('--no-storm-redis', 'the queues of the storm on PostgreSQL, also where there is a redis-server')
  .option('--reboots <n>', 'nothing else, and so often: a host of its own loses its power; root, Debian', '0')
  .option('--logs <folder>', 'keep what the processes and the threads said')
  .option('--seed <n>', 'of all that is chosen at random', String(Date.now() % 1_000_000))
  .parse()
  .opts<
    Record<
      'alerts' | 'bots' | 'kills' | 'lanes' | 'minutes' | 'only' | 'reboots' | 'seed' | 'texts' | 'workers',
      string
    > & {
      redis?: true;
      stormRedis: boolean;
      logs?: string;
    }
  >();

if (options.logs !== undefined) mkdirSync(options.logs, { recursive: true });
const reboots = Number(options.reboots);
/** Only in the network of its host can the product reach it: there the same campaign runs once more. */
const INSIDE = 'DIAG503_FAULTS_INSIDE';
const isInside = process.env[INSIDE] !== undefined;

async function runBesideHost(): Promise<number> {
  prepareNetwork();
  const close = endedWithUs(async () => removeHosts());
  process.env[INSIDE] = '1';
  const again = [process.execPath, '--import', 'tsx', ...process.argv.slice(1)];
  const child = spawn('nsenter', [`--net=/run/netns/${CLIENT_NAMESPACE}`, '--', ...again], {
    stdio: 'inherit',
  });
  const [status] = (await once(child, 'exit')) as [number | null];
  await close();
  return status ?? 1;
}

try {
  process.exitCode = await (reboots > 0 && !isInside
    ? runBesideHost()
    : run({
        kills: Number(options.kills),
        lanes: Number(options.lanes),
        minutes: Number(options.minutes),
        texts: Number(options.texts),
        storm: {
          alerts: Number(options.alerts),
          bots: Number(options.bots),
          workers: Number(options.workers),
          redis: options.stormRedis && findProgram('redis-server') !== null,
        },
        seed: Number(options.seed),
        ...(options.logs !== undefined && { logs: options.logs }),
        redis: options.redis === true,
        only: new RegExp(reboots > 0 ? '^reboot$' : options.only),
        reboots,
      }));
} finally {
  await endEverything();
}
