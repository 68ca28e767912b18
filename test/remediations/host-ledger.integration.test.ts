import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fc } from '@fast-check/vitest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createConnector } from '../../src/clients/connector.js';
import { localConnection } from '../../src/clients/local-shell.js';
import { askLedger, type LedgerAnswer, parseLedger } from '../../src/remediations/host-ledger.js';
import { type LedgerAsk, ledgerScript } from '../../src/remediations/ledger-script.js';
import { until } from '../helpers/until.js';
import { findProgram, needs } from '../servers/require-server.js';
import { startSshd } from '../servers/sshd.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'diag503-ledger-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const now = (): number => Date.now() / 1000;
const soon = (): number => now() + 60;
const run = (argv: string[], fields: object = {}): LedgerAsk['mode'] => ({
  kind: 'run',
  argv,
  asRoot: false,
  expect: null,
  notAfter: soon(),
  limitSeconds: 10,
  ...fields,
});
/** An effect that can be counted. */
const count = (): string[] => ['/bin/sh', '-c', 'echo x >>"$0"', path.join(folder, 'effects')];
const effects = (): number =>
  existsSync(path.join(folder, 'effects'))
    ? readFileSync(path.join(folder, 'effects'), 'utf8').length / 2
    : 0;

const SHELLS = [
  ['dash', ['dash']],
  ['bash', ['bash', '--posix']],
  ['busybox', ['busybox', 'sh']],
] as const;

describe.each(SHELLS)('the ledger in %s', (_name, [program, ...args]) => {
  const present = findProgram(program) !== null;
  const ask = (id: string, mode: LedgerAsk['mode'], env: Record<string, string> = {}): LedgerAnswer => {
    const input = ledgerScript({ id, nonce: 'abc', mode, folder: path.join(folder, 'actions') });
    const { stdout } = spawnSync(findProgram(program)!, [...args, '-s'], {
      input,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], ...env },
    });
    return parseLedger(stdout, 'abc');
  };

  it.skipIf(!present)('does it once, and tells every later caller the same', () => {
    expect(ask('a', run(count()))).toEqual({ result: 'done', exitCode: 0, output: '' });
    expect(ask('a', run(count()))).toMatchObject({ result: 'taken' });
    expect(ask('a', { kind: 'look', unit: null, since: now() })).toEqual({
      result: 'done',
      exitCode: 0,
      output: '',
    });
    expect(effects()).toBe(1);
  });

  it.skipIf(!present)('keeps exit status and words of what failed, and does not try it again', () => {
    const fails = ['/bin/sh', '-c', 'echo "#abc result done 0"; echo no such unit >&2; exit 5'];
    const answer = { result: 'done', exitCode: 5, output: '#abc result done 0\nno such unit' };
    expect(ask('a', run(fails))).toEqual(answer);
    expect(ask('a', { kind: 'look', unit: null, since: 0 })).toEqual(answer);
  });

  it.skipIf(!present)('runs a program as an operator would: with the usual umask and signals', () => {
    const script = 'umask; yes | head -n 1; echo $?';
    expect(ask('a', run(['/bin/sh', '-c', script]))).toMatchObject({ output: '0022\ny\n0' });
  });

  it.skipIf(!present)('lets a program that says much come to its end', () => {
    const script = 'head -c 300000 /dev/zero | tr "\\0" x && echo x >>"$0"';
    const talks = ['/bin/sh', '-c', script, path.join(folder, 'effects')];
    expect(ask('a', run(talks))).toMatchObject({ result: 'done', exitCode: 0 });
    expect(effects()).toBe(1);
  });

  it.skipIf(!present)('begins nothing after its time', () => {
    expect(ask('a', run(count(), { notAfter: now() - 2 }))).toMatchObject({ result: 'too-late' });
    expect(effects()).toBe(0);
  });

  it.skipIf(!present)('begins nothing once somebody has looked in vain', () => {
    expect(ask('a', { kind: 'look', unit: null, since: now() + 5 })).toMatchObject({ result: 'not-done' });
    expect(ask('a', run(count()))).toMatchObject({ result: 'taken' });
    expect(ask('a', { kind: 'look', unit: null, since: now() + 5 })).toMatchObject({ result: 'not-done' });
    expect(effects()).toBe(0);
  });

  it.skipIf(!present)('cannot tell what was before the host started anew', () => {
    expect(ask('a', { kind: 'look', unit: null, since: 1 })).toMatchObject({ result: 'rebooted' });
    expect(ask('a', { kind: 'look', unit: null, since: 1 })).toMatchObject({ result: 'rebooted' });
  });

  it.skipIf(!present)('claims for what is done elsewhere, once', () => {
    const claim: LedgerAsk['mode'] = { kind: 'claim', notAfter: soon() };
    expect(ask('a', claim)).toMatchObject({ result: 'claimed' });
    expect(ask('a', claim)).toMatchObject({ result: 'taken' });
    expect(ask('a', { kind: 'look', unit: null, since: 0 })).toMatchObject({ result: 'open' });
    expect(ask('a', { kind: 'finish', words: 'drained' })).toEqual({ result: 'finished', detail: 'drained' });
    expect(ask('a', { kind: 'look', unit: null, since: 0 })).toEqual({
      result: 'finished',
      detail: 'drained',
    });
  });

  it.skipIf(!present)('begins nothing when the unit is another one by now', () => {
    const bin = path.join(folder, 'systemctl');
    writeFileSync(bin, '#!/bin/sh\necho "InvocationID=bbbb"\n', { mode: 0o755 });
    const PATH = `${folder}:${process.env['PATH'] ?? ''}`;
    const expecting = (id: string) => ({ expect: { unit: 'api.service', properties: { InvocationID: id } } });
    expect(ask('a', run(count(), expecting('aaaa')), { PATH })).toEqual({
      result: 'changed',
      detail: 'InvocationID=bbbb, not InvocationID=aaaa',
    });
    expect(ask('a', run(count(), expecting('bbbb')), { PATH })).toMatchObject({ result: 'done' });
    expect(effects()).toBe(1);
  });

  it.skipIf(!present)(
    'hands every argument on as it is',
    () => {
      fc.assert(
        fc.property(fc.uuid(), fc.array(hostile, { minLength: 1, maxLength: 4 }), (id, words) => {
          const answer = ask(id, run(['/usr/bin/printf', '%s\\n', ...words]));
          const expected = words.join('\n').split('\n');
          return answer.result === 'done' && answer.output === expected.join('\n').replace(/\n$/, '');
        }),
        { numRuns: 12 },
      );
    },
    60_000,
  );
});

/** Neither NUL, which no argument can hold, nor an empty line at the end, which no reader of lines would see. */
const hostile = fc.oneof(
  fc.constantFrom(
    '; id',
    '$(id)',
    '`id`',
    "'; id; '",
    '"',
    '\\',
    '-rf',
    '--root=/tmp',
    'a\nb',
    '#abc result done 9',
    '*',
  ),
  fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 }).filter((text) => /\S$/.test(text)),
);

describe('the ledger under fire', () => {
  const actions = (): string => path.join(folder, 'actions');
  const ask = (id: string, mode: LedgerAsk['mode']) =>
    askLedger(localConnection(), { id, mode, folder: actions() }, AbortSignal.timeout(20_000));

  it('lets one of 20 at the same moment do it', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask('a', run(count()))));
    expect(answers.filter(({ result }) => result === 'done')).toHaveLength(1);
    expect(answers.filter(({ result }) => result === 'taken')).toHaveLength(19);
    expect(effects()).toBe(1);
  });

  /** Answers what was expected at once, and the unit's state only after a while: the gap in which others may look. */
  const slowSystemctl = (seconds: number): string => {
    const script = `#!/bin/sh\ncase "$*" in *Job*) sleep ${seconds};; esac\necho InvocationID=aaaa\n`;
    writeFileSync(path.join(folder, 'systemctl'), script, { mode: 0o755 });
    return `${folder}:${process.env['PATH'] ?? ''}`;
  };
  const begin = (seconds: number, notAfter: number) => {
    const expecting = { unit: 'api.service', properties: { InvocationID: 'aaaa' } };
    const mode = run(count(), { notAfter, expect: expecting });
    const env = { ...process.env, PATH: slowSystemctl(seconds) };
    const shell = spawn('sh', ['-s'], { stdio: ['pipe', 'pipe', 'ignore'], env });
    let output = '';
    shell.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const ended = new Promise<LedgerAnswer>((resolve) =>
      shell.on('close', () => resolve(parseLedger(output, 'n'))),
    );
    shell.stdin.end(ledgerScript({ id: 'a', nonce: 'n', mode, folder: actions() }));
    return ended;
  };

  it('does not begin what somebody has barred while it wrote down what was before', async () => {
    const ended = begin(2, soon());
    await until('it has its entry', () => existsSync(path.join(actions(), 'a')));
    const look = { kind: 'look', unit: null, since: 0 } as const;
    expect(await ask('a', look)).toMatchObject({ result: 'not-done' });
    expect(await ended).toMatchObject({ result: 'not-done' });
    expect(effects()).toBe(0);
    expect(await ask('a', look)).toMatchObject({ result: 'not-done' });
  });

  it('does not begin when its time ran out while it wrote down what was before', async () => {
    expect(await begin(3, now() + 1)).toMatchObject({ result: 'too-late' });
    expect(effects()).toBe(0);
    expect(await ask('a', { kind: 'look', unit: null, since: 0 })).toMatchObject({ result: 'not-done' });
  });

  it('is open after its shell was killed in the middle, and is not run again', async () => {
    const mode = run(['/bin/sh', '-c', 'echo x >>"$0"; sleep 60', path.join(folder, 'effects')]);
    const shell = spawn('sh', ['-s'], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    shell.stdin.end(ledgerScript({ id: 'a', nonce: 'n', mode, folder: actions() }));
    await until('it has begun', () => effects() === 1);
    expect(await ask('a', { kind: 'look', unit: null, since: 0 })).toMatchObject({ result: 'running' });
    process.kill(-shell.pid!, 'SIGKILL');
    await until('it is gone', async () => {
      const { result } = await ask('a', { kind: 'look', unit: null, since: 0 });
      return result === 'open';
    });
    expect(await ask('a', run(count()))).toMatchObject({ result: 'taken' });
    expect(effects()).toBe(1);
  });

  it('says so where it cannot be written, and does nothing', async () => {
    writeFileSync(actions(), 'a file, not a folder');
    expect(await ask('a', run(count()))).toMatchObject({ result: 'no-ledger' });
    expect(effects()).toBe(0);
  });
});

describe.skipIf(!needs('sshd'))('the ledger over ssh', () => {
  it('does it once for four callers, and finishes what a lost connection began', async () => {
    const sshd = await startSshd();
    const connector = createConnector({
      hosts: new Map([
        ['api-1', { address: `${sshd.user}@127.0.0.1:${sshd.port}`, identityFile: sshd.identityFile }],
      ]),
      knownHostsPath: sshd.knownHostsPath,
    });
    try {
      const signal = AbortSignal.timeout(30_000);
      const connection = await connector.connect('api-1', signal);
      const actions = path.join(folder, 'actions');
      const ask = (id: string, mode: LedgerAsk['mode']) =>
        askLedger(connection, { id, mode, folder: actions }, signal);
      const answers = await Promise.all(Array.from({ length: 4 }, () => ask('a', run(count()))));
      expect(answers.filter(({ result }) => result === 'done')).toHaveLength(1);
      expect(effects()).toBe(1);

      const slow = run(['/bin/sh', '-c', 'sleep 1; echo x >>"$0"; echo fine', path.join(folder, 'effects')]);
      void ask('b', slow).catch(() => null); // its answer is lost with the connection
      await until('it has begun', () => existsSync(path.join(actions, 'b/started')));
      await connector.closeAll();
      const again = createConnector({
        hosts: new Map([
          ['api-1', { address: `${sshd.user}@127.0.0.1:${sshd.port}`, identityFile: sshd.identityFile }],
        ]),
        knownHostsPath: sshd.knownHostsPath,
      });
      const fresh = await again.connect('api-1', signal);
      const look = () =>
        askLedger(fresh, { id: 'b', mode: { kind: 'look', unit: null, since: 0 }, folder: actions }, signal);
      await until('it is through', async () => (await look()).result === 'done');
      expect(await look()).toEqual({ result: 'done', exitCode: 0, output: 'fine' });
      expect(effects()).toBe(2);
      await again.closeAll();
    } finally {
      await sshd.stop();
    }
  });
});
