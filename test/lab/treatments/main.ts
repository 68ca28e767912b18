import path from 'node:path';
import { Command } from 'commander';
import { stayBesideHosts } from '../client.js';
import { findLab, removeLab } from '../lab.js';
import { bootWellLab, untilWell } from '../wellness.js';

/**
 * `npm run test:lab:remediation`: real hosts, real faults, the real bot and worker, and the button below the verdict.
 * Ends with 1 when a change did not mend what it is for, touched what is none of its business, or went through though
 * the world had moved.
 */
const options: { only?: string; up?: true } = new Command('test:lab:remediation')
  .option('--only <pattern>', 'regular expression on the names of changes')
  .option('--up', 'use the lab that `npm run lab -- up` left up, and leave it up')
  .parse()
  .opts();

const inside = [process.execPath, '--import', 'tsx', path.join(import.meta.dirname, 'press-all.ts')];

if (options.up === true) {
  await untilWell(findLab());
  process.exitCode = stayBesideHosts([...inside, options.only ?? '']);
} else {
  const stop = (): void => void removeLab().then(() => process.exit(130));
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    await bootWellLab();
    process.exitCode = stayBesideHosts([...inside, options.only ?? '']);
  } finally {
    await removeLab();
  }
}
process.exit();
