import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
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
    const text = readFileSync(file('kept.json'), 'utf8');
    expect(StoredRun.parse(JSON.parse(text)).readings.length).toBeGreaterThan(5);
    expect(text).not.toContain(SECRET);
    expect(statSync(file('kept.json')).mode & 0o777).toBe(0o600);

    const again = await replay(file('kept.json'), '--json');
    expect(again).toEqual(first);
    expect(first.exitCode).toBe(
      RunDocument.parse(JSON.parse(first.stdout)).verdict.status === 'cause-found' ? 2 : 3,
    );

    const human = await replay(file('kept.json'));
    expect(human.stdout).toMatch(/^shop answers 503/);
    expect(human.exitCode).toBe(first.exitCode);
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
    ['not-started.stopped', 2, /^shop does not answer|^shop: |^shop answers/],
    ['healthy.quiet', 0, /^shop does not answer 503 now: healthy/],
  ])('takes the folder of the scenario %s', async (scenario, status, headline) => {
    const { exitCode, stdout } = await replay(path.join(ROOT, 'test/scenarios', scenario));
    expect(stdout).toMatch(headline);
    expect(exitCode).toBe(status);
  });
});

describe('diag503 replay refuses', () => {
  const WAY_OUT = 'write one with `diag503 run SERVICE --save FILE`';

  const refused = async (...args: string[]) => {
    const result = await replay(...args);
    expect(result.stdout).toBe('');
    expect(result.stderr.trimEnd().split('\n')).toHaveLength(1);
    return result;
  };

  it.each([
    ['', 'name the file of a stored run; '],
    ['/no/such/file.json', '/no/such/file.json: no such file or folder; name a stored run, or '],
    [
      '/etc/passwd/run.json',
      '/etc/passwd/run.json: a part of the path is a file, not a folder; name a stored run, or ',
    ],
    ['/proc/self', '/proc/self/run.json: no such file or folder; name a stored run, or '],
    ['a\u001b[31m\nb', 'a\\x1b[31m'],
  ])('what is not there: %j', async (name, message) => {
    const { exitCode, stderr } = await cli(['replay', name], { cwd: folder });
    expect(stderr).toContain(`diag503: ${message}`);
    expect(stderr).toContain(WAY_OUT);
    expect(exitCode).toBe(64);
  });

  it('a file that it may not read', async () => {
    writeFileSync(file('private.json'), '{}');
    chmodSync(file('private.json'), 0);
    const { exitCode, stderr } = await refused(file('private.json'));
    // Root reads everything, and then finds out that it is no stored run.
    const isRoot = process.getuid?.() === 0;
    expect(stderr).toContain(isRoot ? 'not a stored run' : 'permission denied');
    expect(exitCode).toBe(isRoot ? 65 : 64);
  });

  it.each([
    ['empty.json', '', `not a stored run: it is not JSON; ${WAY_OUT}`],
    ['cut.json', '{"version":1,"service":{', `not a stored run: it is not JSON; ${WAY_OUT}`],
    ['null.json', 'null', 'not a stored run: '],
    ['list.json', '[]', 'not a stored run: '],
    ['other.json', '{"version":1}', 'not a stored run: service: '],
    ['verdict.json', '{"version":1,"verdict":{}}', 'which has no readings'],
    [
      'newer.json',
      '{"version":2}',
      'a stored run of version 2, and this diag503 reads version 1; replay it with',
    ],
    ['odd.json', '{"version":"\\u001b[31m"}', 'a stored run of version "\\u001b[31m"'],
  ])('%s', async (name, content, message) => {
    writeFileSync(file(name), content);
    const { exitCode, stderr } = await refused(file(name));
    expect(stderr).toContain(`diag503: ${file(name)}: `);
    expect(stderr).toContain(message);
    expect(stderr.length).toBeLessThan(500);
    expect(exitCode).toBe(65);
  });

  it('a folder without run.json', async () => {
    mkdirSync(file('empty'));
    const { exitCode, stderr } = await refused(file('empty'));
    expect(stderr).toContain(`${file('empty/run.json')}: no such file or folder`);
    expect(exitCode).toBe(64);
  });
});
