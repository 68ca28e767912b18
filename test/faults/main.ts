import { Command } from 'commander';
import { run } from './run.js';

/**
 * `npm run test:faults`: kills, freezes, outages and double clicks on the real product, and the outside text. Ends with
 * 1 when a promise is broken: an effect twice, an untrue word in a thread, a broken audit.
 */
const options = new Command('test:faults')
  .option('--kills <n>', 'at least so many kills in each phase', '25')
  .option('--lanes <n>', 'so many products at once', '2')
  .option('--minutes <n>', 'begin no further round of kills after that long, and say what is missing', '40')
  .option('--redis', 'queues on a real Redis, and kill it too')
  .option('--only <pattern>', 'regular expression on: crash, clicks, freeze, outage, outside-text', '')
  .option('--texts <n>', 'so many texts from outside', '10000')
  .option('--logs <folder>', 'keep what the processes and the threads said')
  .option('--seed <n>', 'of all that is chosen at random', String(Date.now() % 1_000_000))
  .parse()
  .opts<
    Record<'kills' | 'lanes' | 'minutes' | 'only' | 'seed' | 'texts', string> & {
      redis?: true;
      logs?: string;
    }
  >();

process.exitCode = await run({
  kills: Number(options.kills),
  lanes: Number(options.lanes),
  minutes: Number(options.minutes),
  texts: Number(options.texts),
  seed: Number(options.seed),
  ...(options.logs !== undefined && { logs: options.logs }),
  redis: options.redis === true,
  only: new RegExp(options.only),
});
