import { measureGentle } from './hosts/gentle.js';
import { describeMachine, load } from './hosts/machine.js';
import { renderResults, sizeText, writePage, type Results } from './hosts/report.js';
import { measureInRounds } from './hosts/rounds.js';
import { idleCpu, openSite, removeFolder, removeLeftSite, type Site } from './hosts/site.js';
import { measureDeadHost, measureDrowningHost } from './hosts/trouble.js';
import { readOptions, USAGE, type Options } from './options.js';
import { tools, type ToolId } from './tools/index.js';
import { findProgram } from '../test/servers/require-server.js';

/** The same reads of the same real hosts by diag503 and by what people use today; see docs/performance.md. */
const DEAD_HOST_NEEDS = 9;

const log = (line: string): void => console.error(`${new Date().toISOString().slice(11, 19)} ${line}`);
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    log('stopping: hosts, namespaces and groups go, this takes some seconds');
    stop.abort(new Error(`stopped by ${signal}`));
  });

async function main(args: string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(USAGE);
    return 0;
  }
  const options = readOptions(args);
  if (process.getuid?.() !== 0) throw new Error('The benchmark boots real hosts: run it as root.');
  let site: Site | undefined;
  try {
    site = await openSite(Math.max(...options.hosts), log, stop.signal);
    const results = await measure(site, options);
    const text = renderResults(results);
    console.log(text);
    if (options.write) writePage(text);
    return results.notMeasured.length === 0 ? 0 : 1;
  } finally {
    await removeLeftSite();
    if (site) removeFolder(site);
  }
}

async function measure(site: Site, options: Options): Promise<Results> {
  const loadBefore = load();
  const sizes: Results['sizes'] = [];
  for (const hosts of options.hosts) {
    const size = await measureSize(site, hosts, options);
    sizes.push(size);
    console.log(`${sizeText(size)}\n`); // also when the rest is interrupted
  }
  const { trouble } = options;
  const notMeasured: string[] = [];
  // The tables took half an hour: what fails after them is told on the page, and loses none.
  const part = async <T>(name: string, wanted: boolean, work: () => Promise<T>): Promise<T | null> => {
    stop.signal.throwIfAborted();
    if (!wanted) return null;
    log(name);
    try {
      return await work();
    } catch (error) {
      stop.signal.throwIfAborted();
      notMeasured.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  };
  const enough = site.hosts.length >= DEAD_HOST_NEEDS;
  return {
    sizes,
    gentle: await part('what a diagnosis leaves', trouble, () => measureGentle(site)),
    dead: (await part('a dead host', trouble && enough, () => measureDeadHost(site))) ?? [],
    drowning: (await part('a drowning host', trouble, () => measureDrowningHost(site, log))) ?? [],
    machine: describeMachine(loadBefore),
    notMeasured,
  };
}

async function measureSize(site: Site, count: number, options: Options): Promise<Results['sizes'][number]> {
  const { runs, slowSeconds } = options;
  const hosts = site.hosts.slice(0, count);
  log(`${count} of ${site.hosts.length} hosts, ${runs} rounds, load ${load()}`);
  const missing = options.only.flatMap((id) => missingProgram(id));
  const there = options.only.filter((id) => !missing.some((one) => one.id === id));
  const entries = [];
  for (const id of there) {
    stop.signal.throwIfAborted();
    const tool = tools[id];
    const session = await tool.prepare(
      site,
      hosts.map(({ name }) => name),
    );
    entries.push({ id, slow: 'slow' in tool, session });
  }
  const idleCpuShare = await idleCpu(hosts);
  const rows = await measureInRounds(entries, {
    ...{ runs, slowSeconds, hosts, idleCpuShare },
    signal: stop.signal,
  });
  for (const { session } of entries) await session.stop();
  for (const { id, failures } of rows) for (const failure of failures) log(`${id}: ${failure}`);
  return { hosts: count, rows, missing };
}

const missingProgram = (id: ToolId): { id: ToolId; install: string }[] => {
  const tool = tools[id];
  if (!('needs' in tool) || findProgram(tool.needs.program) !== null) return [];
  return [{ id, install: `apt-get install ${tool.needs.package}` }];
};

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    log(
      error instanceof Error
        ? stop.signal.aborted
          ? error.message
          : (error.stack ?? error.message)
        : String(error),
    );
    process.exit(1);
  },
);
