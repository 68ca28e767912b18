import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LocalSlack, startLocalSlack } from '../../demo/slack/server.js';
import { until } from '../helpers/until.js';
import { ROOT } from './spawn-cli.js';

let slack: LocalSlack;
let folder: string;
let children: ChildProcess[] = [];

beforeAll(async () => {
  slack = await startLocalSlack();
});
afterAll(() => slack.close());
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'diag503-start-'));
  chmodSync(folder, 0o711);
  const inventory =
    'services:\n  api-prod:\n    hosts: [local]\n    health: http://127.0.0.1:9/health/\n    deadlineSeconds: 5\n';
  writeFileSync(path.join(folder, 'services.yaml'), inventory);
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
  await until('no PostgreSQL of this test is left', () => postgresProcesses().length === 0);
  rmSync(folder, { recursive: true });
});

const postgresProcesses = (): string[] =>
  execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(`-D ${folder}`));

type Started = { child: ChildProcess; output: () => string; exit: Promise<number | null> };

/** `diag503 start` as a user types it, with a local Slack and nothing else. */
function start(): Started {
  const main = path.join(ROOT, 'src/cli/main.ts');
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), main, 'start'], {
    cwd: folder,
    env: {
      PATH,
      HOME,
      SLACK_API_URL: slack.apiUrl,
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
      DIAG503_DATA_DIR: path.join(folder, 'data'),
      DIAG503_HTTP_PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  return { child, output: () => output, exit };
}

async function listening(started: Started): Promise<void> {
  await until(`it listens:\n${started.output()}`, () => started.output().includes('the bot listens'), 60_000);
  await until('Slack has a connection', () => slack.control.connectionCount() > 0);
}

describe('diag503 start', () => {
  it('needs nothing but Slack, answers the command in its thread, and stops cleanly', async () => {
    const started = start();
    await listening(started);
    await slack.control.command('U0ANA', 'C0OPSAPI', '/diag503 api-prod');
    await until('the verdict is in the thread', () => {
      const [headline] = slack.control.messages('C0OPSAPI');
      return headline !== undefined && slack.control.thread('C0OPSAPI', headline.ts).length > 1;
    });
    const stopping = performance.now();
    started.child.kill('SIGTERM');
    expect(await started.exit).toBe(0);
    expect(performance.now() - stopping).toBeLessThan(15_000);
    expect(postgresProcesses()).toEqual([]);
    expect(started.output()).not.toContain(slack.botToken);
  });

  it('leaves nothing running when it is killed, and its successor starts', async () => {
    const first = start();
    await listening(first);
    first.child.kill('SIGKILL');
    await first.exit;
    // Else its connection passes for that of its successor, which is told to stop before it listens to signals.
    await until('Slack has lost the first', () => slack.control.connectionCount() === 0);
    const second = start();
    await listening(second);
    second.child.kill('SIGTERM');
    expect(await second.exit).toBe(0);
  });

  it('says so when another one uses the same folder', async () => {
    const first = start();
    await listening(first);
    const second = start();
    expect(await second.exit).toBe(69);
    expect(second.output()).toContain('another diag503 uses');
    expect(second.output()).not.toContain('    at ');
  });

  it('ends at once at the second signal', async () => {
    const started = start();
    await listening(started);
    started.child.kill('SIGTERM');
    await until('it is stopping', () => started.output().includes('once more ends at once'));
    started.child.kill('SIGTERM');
    expect([0, 1]).toContain(await started.exit); // 0: it was done before the second signal came
  });
});
