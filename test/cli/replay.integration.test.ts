import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StoredRun } from '../../src/model/stored-run.js';
import { RunDocument } from '../../src/model/verdict.js';
import { cli, ROOT } from './spawn-cli.js';

const SECRET = 'hunter2hunter2';
const server = createServer((_, response) =>
  response.writeHead(503).end(`no connection: password=${SECRET}`),
);
let folder: string;
const file = (name: string) => path.join(folder, name);
const env = { SHOP_PASSWORD: SECRET };

const run = (...options: string[]) => cli(['run', 'shop', ...options], { cwd: folder, env });
/** Without the inventory and its variables. */
const replay = (...args: string[]) => cli(['replay', ...args], { cwd: '/', env: { TZ: 'UTC' } });

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  folder = mkdtempSync(path.join(tmpdir(), 'diag503-replay-'));
  writeFileSync(
    file('services.yaml'),
    [
      'services:',
      '  shop:',
      '    hosts: [local]',
      `    health: ${url}`,
      `    url: ${url}`,
      '    dependencies: [{ name: cache, kind: redis, url: "redis://:${SHOP_PASSWORD}@127.0.0.1:1" }]',
    ].join('\n'),
  );
});
afterAll(() => {
  server.close().closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

describe('diag503 run --save, and replay', () => {
  it('prints again what the run printed, from a private file without secrets', async () => {
    writeFileSync(file('kept.json'), 'something older, readable for all', { mode: 0o644 });
    const first = await run('--json', '--save', 'kept.json');
    expect(first.stderr).toBe('');
    const text = readFileSync(file('kept.json'), 'utf8');
    expect(StoredRun.parse(JSON.parse(text)).readings.length).toBeGreaterThan(5);
    expect(text).not.toContain(SECRET);
    expect(statSync(file('kept.json')).mode & 0o777).toBe(0o600);

    const again = await replay(file('kept.json'), '--json');
    expect(again).toEqual(first);
    expect(first.exitCode).toBe(
      RunDocument.parse(JSON.parse(first.stdout)).verdict.status === 'cause-found' ? 2 : 3,
    );
  });

  it('still prints the verdict when the file cannot be written, and says so', async () => {
    const { exitCode, stdout, stderr } = await run('--json', '--save', 'nowhere/kept.json');
    expect(RunDocument.parse(JSON.parse(stdout)).service).toBe('shop');
    expect(stderr).toBe(
      'diag503: the run was not kept: nowhere/kept.json: no such file or folder; name a file in a folder that exists and that you may write to\n',
    );
    expect(exitCode).toBe(73);
  });

  it.each([
    ['not-started.stopped', 2, /^\w+ answers 503: service not running/],
    ['healthy.quiet', 0, /^shop does not answer 503 now: healthy/],
  ])('takes the folder of the scenario %s', async (scenario, status, headline) => {
    const { exitCode, stdout } = await replay(path.join(ROOT, 'test/scenarios', scenario));
    expect(stdout).toMatch(headline);
    expect(exitCode).toBe(status);
  });
});

/** More of what is refused, and how: read-stored-run.test.ts */
describe('diag503 replay refuses with one line on standard error', () => {
  it('what is not there, with exit status 64', async () => {
    const { exitCode, stdout, stderr } = await replay('/no/such/file.json', '--json');
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: '' });
    expect(stderr).toMatch(/^diag503: \/no\/such\/file\.json: no such file or folder; .*\n$/);
  });

  it('what is no stored run, with exit status 65', async () => {
    const { exitCode, stdout, stderr } = await replay(file('services.yaml'), '--json');
    expect({ exitCode, stdout }).toEqual({ exitCode: 65, stdout: '' });
    expect(stderr).toMatch(
      /^diag503: .*services\.yaml: not a stored run: it is not JSON; write one with .*\n$/,
    );
  });
});
