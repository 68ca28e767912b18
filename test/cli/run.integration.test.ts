import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunDocument } from '../../src/model/verdict.js';
import { cli } from './spawn-cli.js';

const servers: Server[] = [];
let folder: string;
/** Resolves when the service that never answers is asked. */
const asked = withResolver();

function withResolver(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}/`;
}

beforeAll(async () => {
  const well = await serve((_, response) => response.end('ok'));
  const sick = await serve((_, response) =>
    response.writeHead(503).end('no connection: password=hunter2hunter2'),
  );
  const mute = await serve(() => asked.resolve());
  folder = mkdtempSync(path.join(tmpdir(), 'diag503-run-'));
  const service = (name: string, host: string, url: string) =>
    `  ${name}: { hosts: ["${host}"], health: "${url}", url: "${url}", deadlineSeconds: 8 }`;
  const lines = [
    service('well', 'local', well),
    service('sick', 'local', sick),
    service('mute', 'local', mute),
    service('gone', 'nobody@127.0.0.1:1', 'http://127.0.0.1:1/'),
  ];
  writeFileSync(path.join(folder, 'services.yaml'), ['services:', ...lines].join('\n'));
});

afterAll(() => {
  for (const server of servers) server.close().closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

const run = (service: string, ...options: string[]) => cli(['run', service, ...options], { cwd: folder });

describe('diag503 run', () => {
  it('ends with 0 for a service that is well, and prints for a human without colour into a pipe', async () => {
    const { exitCode, stdout } = await run('well');
    expect(stdout).toMatch(/^well does not answer 503 now: healthy/);
    expect(stdout).toMatch(/✓ yes +health check responding\?/);
    expect(stdout).not.toContain('\u001b');
    expect(exitCode).toBe(0);
  });

  it('prints exactly one document with --json, and its status is the exit status', async () => {
    const { exitCode, stdout, stderr } = await run('sick', '--json');
    const document = RunDocument.parse(JSON.parse(stdout));
    expect(document).toMatchObject({
      version: 1,
      service: 'sick',
      hosts: [{ name: 'local', reached: true }],
    });
    expect(document.checklist[2]).toMatchObject({ answer: 'no' });
    expect(stdout).not.toContain('hunter2hunter2');
    expect(stderr).toBe('');
    expect(exitCode).toBe(document.verdict.status === 'cause-found' ? 2 : 3);
  });

  it('ends with 3 where no host is reached, and says why', async () => {
    const { exitCode, stdout } = await run('gone');
    expect(stdout).toMatch(/^gone: could not look, 0 of 1 host reached/);
    expect(stdout).toMatch(/nobody@127\.0\.0\.1:1: (?!nobody@)\S/); // the name once
    expect(exitCode).toBe(3);
  });

  it('ends cleanly on Ctrl-C, with nothing on standard output', async () => {
    const { exitCode, stdout, stderr } = await cli(['run', 'mute', '--json'], {
      cwd: folder,
      interruptWhen: asked.promise,
    });
    expect(stdout).toBe('');
    expect({ exitCode, stderr }).toEqual({ exitCode: 130, stderr: '' });
  });
});
