import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Service } from '../src/model/service.js';
import { createConnector } from '../src/clients/connector.js';
import { createRedactor } from '../src/diagnosis/redact.js';
import type { HostProbe, Probe } from '../src/probes/define-probe.js';
import { probes } from '../src/probes/index.js';

const USAGE = `npm run capture -- HOST PROBE|all CASE [options]

Records what a probe's snippet really prints on HOST into test/fixtures/PROBE/OS-CASE.txt.
  HOST           \`local\`, a name of ~/.ssh/config or user@host:port
  --shell CMD    instead of SSH, the shell that reads the snippet: "nsenter -t 4711 -a sh"
  --unit UNIT    --health URL   --link PATH   --git DIR   what the inventory would say of the service
  --os NAME      first part of the file's name (default debian-12)`;

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 1_000_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    shell: { type: 'string' },
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

const redactor = createRedactor();
const connector = createConnector({ hosts: new Map() });

for (const probe of chosen) {
  const output = await run(host, probe.script(service));
  const exitCode = output.exitCode;
  const stdout = redactor.text(output.stdout);
  const folder = new URL(`../test/fixtures/${probe.id}/`, import.meta.url);
  await mkdir(folder, { recursive: true });
  await writeFile(new URL(`${values.os}-${caseName}.txt`, folder), stdout);
  console.log(`${host} ${probe.id}: ${verdictOf(probe, { stdout, exitCode })}`);
}
await connector.closeAll();

function verdictOf(probe: HostProbe, output: { stdout: string; exitCode: number }): string {
  try {
    probe.fact.parse(probe.parse(output, service));
    return `read, exit status ${output.exitCode}`;
  } catch (error) {
    return `unread, exit status ${output.exitCode}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** As the collector reads it, or by a shell that was entered in another way. */
async function run(on: string, script: string): Promise<{ stdout: string; exitCode: number }> {
  const input = `export LC_ALL=C\n(\n${script}\n)\n`;
  if (values.shell !== undefined) return runBy(values.shell, input);
  const connection = await connector.connect(on, AbortSignal.timeout(TIMEOUT_MS));
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const { stdout, exitCode } = await connection.runScript(input, { signal, maxBytes: MAX_BYTES });
  return { stdout, exitCode: exitCode ?? 1 };
}

function runBy(shell: string, input: string): Promise<{ stdout: string; exitCode: number }> {
  const [program = 'sh', ...args] = shell.split(' ');
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ stdout: Buffer.concat(chunks).toString(), exitCode: code ?? 1 }));
  });
}
