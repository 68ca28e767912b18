import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from './spawn-cli.js';

const INVENTORY = `services:
  api-prod: { hosts: [local], health: "http://localhost:1/" }
  api-test: { hosts: [local], health: "http://localhost:1/" }
  billing: { hosts: [local], health: "http://localhost:1/" }
`;

let folder: string;
const file = (name: string) => path.join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'diag503-cli-'));
  writeFileSync(file('services.yaml'), INVENTORY);
  writeFileSync(file('unknown-key.yaml'), INVENTORY.replace('health:', 'helth:'));
  writeFileSync(file('wrong-type.yaml'), INVENTORY.replace('[local]', '7'));
  writeFileSync(file('no-hosts.yaml'), INVENTORY.replace('hosts: [local], ', ''));
  writeFileSync(file('no-variable.yaml'), INVENTORY.replace('localhost:1/', '${NO_SUCH_NAME}/'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Every case must leave standard output empty: a reader of --json must not get half a sentence. */
async function refused(args: readonly string[], env: Record<string, string> = {}) {
  const result = await cli(args, { cwd: folder, env });
  expect(result.stdout).toBe('');
  expect(result.stderr).not.toMatch(/^\s+at /m); // no stack trace
  return result;
}

describe('diag503', () => {
  it.each([
    ['refuses a misspelt service', ['run', 'api-prd'], 'unknown service "api-prd"; did you mean api-prod?'],
    ['refuses an empty name', ['run', ''], 'name a service: api-prod, api-test, billing'],
    ['refuses 4,000 characters', ['run', 'x'.repeat(4000)], 'unknown service "xxx'],
    [
      'refuses shell metacharacters',
      ['run', '$(touch /tmp/owned); rm -rf / #'],
      'unknown service "$(touch /tmp/owned); rm -rf / #"',
    ],
    ['refuses no name', ['run'], "missing required argument 'service'"],
    ['refuses a misspelt option', ['run', 'billing', '--jsn'], '(Did you mean --json?)'],
    ['refuses a misspelt command', ['rum', 'billing'], "unknown command 'rum'"],
    ['refuses two services', ['run', 'billing', 'api-prod'], 'too many arguments'],
  ])('%s with one clear message and exit status 64', async (_, args, message) => {
    const { exitCode, stderr } = await refused(args);
    expect(stderr).toContain(message);
    expect(stderr.length).toBeLessThan(600);
    expect(exitCode).toBe(64);
  });

  it.each([
    ['unknown-key.yaml', 'unknown-key.yaml:2:31 api-prod.helth: unknown key; did you mean "health"?'],
    ['wrong-type.yaml', 'api-prod.hosts: expected a list such as [a, b]; got 7 (a number)'],
    ['no-hosts.yaml', 'api-prod.hosts: missing'],
    ['no-variable.yaml', 'needs the environment variable NO_SUCH_NAME, which is not set'],
    ['nowhere.yaml', 'nowhere.yaml: no such file'],
  ])('refuses the inventory %s with exit status 78', async (name, message) => {
    const { exitCode, stderr } = await refused(['run', 'api-prod', '--json', '--inventory', name]);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(78);
  });

  it('refuses a misspelt variable with exit status 78', async () => {
    const { exitCode, stderr } = await refused(['run', 'api-prod'], { DIAG503_INVENTROY: 'x' });
    expect(stderr).toBe('DIAG503_INVENTROY: unknown variable; did you mean "DIAG503_INVENTORY"?\n');
    expect(exitCode).toBe(78);
  });

  it('prints what it understood of an inventory', async () => {
    const { exitCode, stdout } = await cli(['inventory', 'check'], { cwd: folder });
    expect(stdout).toMatch(/^services\.yaml: 3 services, no errors\n\napi-prod\n {2}hosts +local\n/);
    expect(exitCode).toBe(0);
  });

  it('reads .env of the working folder', async () => {
    writeFileSync(file('.env'), 'DIAG503_INVENTORY=unknown-key.yaml\n');
    const { exitCode } = await cli(['inventory', 'check'], { cwd: folder });
    rmSync(file('.env'));
    expect(exitCode).toBe(78);
  });

  it('helps', async () => {
    const { exitCode, stdout } = await cli(['--help']);
    expect(stdout).toMatch(/run .*<service>/);
    expect(exitCode).toBe(0);
  });
});
