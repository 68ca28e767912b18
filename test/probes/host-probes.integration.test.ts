import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClientError } from '../../src/model/client-error.js';
import type { Service } from '../../src/model/service.js';
import type { HostProbe, Probe } from '../../src/probes/define-probe.js';
import { probes } from '../../src/probes/index.js';
import { service } from '../helpers/service.js';

const all: readonly Probe[] = Object.values(probes);
const hostProbes = all.filter((probe): probe is HostProbe => probe.kind === 'host');

/** Longer than any snippet may take: the collector would have killed it by then. */
const MAX_MS = 5_000;

const onPath = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

const SHELLS: [name: string, argv: [string, ...string[]]][] = (
  [
    ['sh', ['sh']],
    ['dash', ['dash']],
    ['bash', ['bash']],
    ['busybox', ['busybox', 'sh']],
  ] as [string, [string, ...string[]]][]
).filter(([name]) => onPath(name));

/** As root the unprivileged login is tried too. */
const LOGINS = process.getuid?.() === 0 ? [undefined, 65_534] : [undefined];

describe.each(SHELLS)('%s', (_name, argv) => {
  describe.each(LOGINS)('as uid %s', (uid) => {
    let server: Server;
    let asked: Service[];

    beforeAll(async () => {
      server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 1;
      const health = `http://127.0.0.1:${port}/health/`;
      asked = [
        service('by-port', { health, release: { link: '/proc/self/exe' } }),
        service('by-unit', { health, unit: 'no-such-unit', release: { gitDir: '/nowhere' } }),
        service('hostile', { health, release: { command: ['printf', '%s', `it's; $(id) "quoted"`] } }),
      ];
    });
    afterAll(() => server.close());

    it.each(hostProbes.map((probe) => [probe.id, probe] as const))(
      '%s ends, and is read or says why not',
      async (_id, probe) => {
        for (const each of asked.filter((candidate) => probe.applies?.(candidate) ?? true)) {
          const output = await run(argv, probe.script(each), uid);
          expect(output.milliseconds).toBeLessThan(MAX_MS);
          expect(output.stderr.replace(LACKS_A_PROGRAM, '')).toBe('');
          const fact = attempt(probe, output, each);
          if (fact instanceof ClientError) expect(fact.message).not.toBe('');
          else expect(fact).toBeDefined();
        }
      },
    );
  });
});

/** A bare Debian has no `ss`: the shell says so, and the reading is then `not-installed`. */
const LACKS_A_PROGRAM = /^\S+: (?:line )?\d+: ss: (?:command )?not found\n/gm;

function attempt(probe: HostProbe, output: { stdout: string; exitCode: number }, of: Service): unknown {
  try {
    return probe.fact.parse(probe.parse(output, of));
  } catch (error) {
    if (error instanceof ClientError) return error;
    throw error;
  }
}

type Output = { stdout: string; stderr: string; exitCode: number; milliseconds: number };

function run([program, ...args]: [string, ...string[]], script: string, uid?: number): Promise<Output> {
  const begun = performance.now();
  const child = spawn(program, args, { cwd: '/', ...(uid === undefined ? {} : { uid, gid: uid }) });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.end(`export LC_ALL=C\n(\n${script}\n)\n`);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ stdout, stderr, exitCode: code ?? 1, milliseconds: performance.now() - begun }),
    );
  });
}
