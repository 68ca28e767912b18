import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Service } from '../src/model/service.js';
import type { HostProbe, Probe } from '../src/probes/define-probe.js';
import { probes } from '../src/probes/index.js';

const USAGE = `npm run capture -- HOST PROBE|all CASE [options]

Records what a probe's snippet really prints on HOST into test/fixtures/PROBE/OS-CASE.txt.
  HOST           the name of the shell below in what is printed; \`local\` without --shell
  --shell CMD    the shell that reads the snippet: "sh" (default), "ssh web-1 sh", "nsenter -t 4711 -a sh"
  --unit UNIT    --health URL   --link PATH   --git DIR   what the inventory would say of the service
  --os NAME      first part of the file's name (default debian-12)`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    shell: { type: 'string', default: 'sh' },
    unit: { type: 'string' },
    health: { type: 'string', default: 'http://localhost:8000/health/' },
    link: { type: 'string' },
    git: { type: 'string' },
    os: { type: 'string', default: 'debian-12' },
  },
});

const [host, wanted, caseName] = positionals;
if (host === undefined || wanted === undefined || caseName === undefined) {
  console.error(USAGE);
  process.exit(64);
}

const service = Service.parse({
  name: 'api',
  title: 'api',
  hosts: ['local'],
  health: values.health,
  ...(values.unit === undefined ? {} : { unit: values.unit }),
  ...(values.link === undefined ? {} : { release: { link: values.link } }),
  ...(values.git === undefined ? {} : { release: { gitDir: values.git } }),
});

const all: readonly Probe[] = Object.values(probes);
const chosen = all
  .filter((probe): probe is HostProbe => probe.kind === 'host')
  .filter((probe) => wanted === 'all' || wanted === probe.id)
  .filter((probe) => probe.applies?.(service) ?? true);
if (chosen.length === 0) throw new Error(`no host probe is called ${wanted}`);

for (const probe of chosen) {
  const { stdout, exitCode } = await run(probe.script(service));
  const folder = new URL(`../test/fixtures/${probe.id}/`, import.meta.url);
  await mkdir(folder, { recursive: true });
  await writeFile(new URL(`${values.os}-${caseName}.txt`, folder), stdout);
  console.log(`${host} ${probe.id}: ${verdictOf(probe, { stdout, exitCode })}`);
}

function verdictOf(probe: HostProbe, output: { stdout: string; exitCode: number }): string {
  try {
    probe.fact.parse(probe.parse(output, service));
    return `read, exit status ${output.exitCode}`;
  } catch (error) {
    return `unread, exit status ${output.exitCode}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Feeds the snippet to the shell on its standard input, as the collector does. */
function run(script: string): Promise<{ stdout: string; exitCode: number }> {
  const [program = 'sh', ...args] = values.shell.split(' ');
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.end(`export LC_ALL=C\n(\n${script}\n)\n`);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ stdout: Buffer.concat(chunks).toString(), exitCode: code ?? 1 }));
  });
}
