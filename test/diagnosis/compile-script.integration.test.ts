import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { compileScript, type Snippet } from '../../src/diagnosis/compile-script.js';
import { createFrameReader, type Frame } from '../../src/diagnosis/frames.js';
import { PAUSE } from '../../src/probes/shell/pause.js';
import { quote } from '../../src/probes/define-probe.js';
import { findProgram } from '../servers/require-server.js';

const SHELLS: string[][] = [['/bin/sh'], ['dash'], ['bash'], ['busybox', 'sh']].filter(
  ([program = '']) => program.startsWith('/') || findProgram(program) !== null,
);
const NONCE = 'fedcba9876543210fedcba9876543210';
const PROLOGUE = `known='from the prologue' pauses=0
sleep() { pauses=$((pauses + 1)); }`;
const folder = mkdtempSync(path.join(tmpdir(), 'diag503-shell-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Run = {
  frames: Map<string, Frame & { order: number }>;
  ms: number;
  stderr: string;
  hasTimeout: boolean;
};

const run = (
  shell: string[],
  snippets: Partial<Snippet>[],
  { maxBytes = 100_000, env = process.env } = {},
): Run => {
  const script = compileScript(
    snippets.map((each, n) => ({ id: `s${n}`, script: 'true', timeoutSeconds: 5, ...each })),
    { nonce: NONCE, maxBytes, prologue: PROLOGUE },
  );
  const startedAt = Date.now();
  const [program = '', ...args] = shell;
  const { stdout, stderr } = spawnSync(program, [...args, '-s'], { input: script, maxBuffer: 1e8, env });
  const frames: Run['frames'] = new Map();
  const reader = createFrameReader({
    nonce: NONCE,
    maxBytes,
    onFrame: (frame) => frames.set(frame.id, { ...frame, order: frames.size }),
  });
  reader.push(stdout);
  return { frames, ms: Date.now() - startedAt, stderr: stderr.toString(), hasTimeout: reader.hasTimeout() };
};

describe.each(SHELLS.map((shell) => ({ name: shell.join(' '), shell })))(
  'the script in $name',
  ({ shell }) => {
    it('runs all snippets side by side and gives frames in the order in which they end', () => {
      const { frames, ms } = run(shell, [
        { script: 'sleep 1; echo slow' },
        { script: 'echo quick' },
        { script: 'sleep 1' },
      ]);
      expect(ms).toBeLessThan(1900);
      expect(frames.get('s1')).toMatchObject({ body: 'quick', exitCode: 0, order: 0 });
      expect(frames.get('s0')).toMatchObject({ body: 'slow', exitCode: 0 });
    });

    it('keeps each exit code and tells a missing command', () => {
      const { frames, stderr } = run(shell, [{ script: 'exit 3' }, { script: 'no-such-command' }]);
      expect(frames.get('s0')?.exitCode).toBe(3);
      expect(frames.get('s1')?.exitCode).toBe(127);
      expect(stderr).toMatch(/^@s1: .*no-such-command: not found/m);
    });

    it('ends a snippet that hangs, also one that refuses to end', () => {
      const { frames, ms } = run(shell, [
        { script: 'echo half; sleep 9', timeoutSeconds: 1 },
        { script: 'trap "" TERM; sleep 3; sleep 3', timeoutSeconds: 1 },
      ]);
      expect(ms).toBeLessThan(4000);
      expect(frames.get('s0')).toMatchObject({ exitCode: 124, body: 'half' });
      expect(frames.get('s1')?.exitCode).toBe(137);
    });

    it('keeps megabytes of several snippets apart', () => {
      const flood = (letter: string) => ({ script: `head -c 1000000 /dev/zero | tr '\\0' ${letter}` });
      const { frames } = run(shell, ['a', 'b', 'c', 'd'].map(flood), { maxBytes: 2_000_000 });
      ['a', 'b', 'c', 'd'].forEach((letter, n) => {
        const { body = '', exitCode } = frames.get(`s${n}`) ?? {};
        expect({ length: body.length, pure: body === letter.repeat(1_000_000), exitCode }).toEqual({
          length: 1_000_000,
          pure: true,
          exitCode: 0,
        });
      });
    });

    it('cuts an endless answer on the host, and says so', () => {
      const { frames, ms } = run(shell, [{ script: 'yes', timeoutSeconds: 9 }, { script: 'echo fine' }]);
      expect(ms).toBeLessThan(5000);
      expect(frames.get('s0')).toMatchObject({ truncated: true, exitCode: 141 });
      expect(frames.get('s0')?.body).toHaveLength(100_000);
      expect(frames.get('s1')?.body).toBe('fine');
    });

    it('survives binary output and unended lines', () => {
      const { frames } = run(shell, [{ script: String.raw`printf 'a\000b\377c'` }, { script: 'printf ""' }]);
      expect(frames.get('s0')?.body).toBe('ab\uFFFDc');
      expect(frames.get('s1')?.body).toBe('');
    });

    it('hides the nonce from the snippets', () => {
      const script =
        'tr "\\0" " " </proc/$PPID/cmdline; tr "\\0" " " </proc/$PPID/environ; env; ls -l /proc/self/fd';
      const { frames } = run(shell, [{ script }]);
      expect(frames.get('s0')?.body).not.toContain(NONCE);
      expect(frames.get('s0')?.body).toContain('timeout');
    });

    it('gives snippets no input and the C locale', () => {
      const { frames } = run(shell, [{ script: 'cat; echo "$LC_ALL"' }]);
      expect(frames.get('s0')?.body).toBe('C');
    });

    it('works without `timeout`, and says so', () => {
      const bin = path.join(folder, `bin-${shell.length}-${path.basename(shell[0] ?? '')}`);
      spawnSync('mkdir', ['-p', bin]);
      for (const program of ['sh', 'head', 'sleep', 'cat'])
        symlinkSync(findProgram(program) ?? '', path.join(bin, program));
      const script = compileScript(
        [
          { id: 'ok', script: 'echo fine; exit 4', timeoutSeconds: 3 },
          { id: 'hang', script: 'while :; do :; done', timeoutSeconds: 1 },
        ],
        { nonce: NONCE, maxBytes: 1000 },
      ).replace(/:\/usr\/local\/sbin[^"]*/, '');
      const frames = new Map<string, Frame>();
      const reader = createFrameReader({ nonce: NONCE, maxBytes: 1000, onFrame: (f) => frames.set(f.id, f) });
      const program = findProgram(shell[0] ?? '') ?? shell[0] ?? '';
      reader.push(
        spawnSync(program, [...shell.slice(1), '-s'], { input: script, env: { PATH: bin } }).stdout,
      );
      expect(reader.hasTimeout()).toBe(false);
      expect(frames.get('ok')).toMatchObject({ body: 'fine', exitCode: 4 });
      expect(frames.get('hang')?.exitCode).toBe(137);
    });

    it('reads inline snippets in the shell itself, which share one pause, beside what may wait', () => {
      const sampled = (file: string) => `echo before; echo ${file}\n${PAUSE}\necho "after pause $pauses"`;
      const { frames } = run(shell, [
        { script: 'command sleep 1; echo "$known"; set -- a b; exit 4', runs: 'beside' },
        { script: sampled('one'), runs: 'inline' },
        { script: sampled('two'), runs: 'inline' },
        { script: 'cat; echo plain; no-such-command', runs: 'inline' },
        { script: sampled('three'), runs: 'inline' },
        { script: 'cat; echo apart' },
      ]);
      expect(frames.get('s0')).toMatchObject({ body: 'from the prologue', exitCode: 4, order: 5 });
      expect(frames.get('s3')).toMatchObject({ body: 'plain', exitCode: 127, order: 3 });
      expect(frames.get('s5')).toMatchObject({ body: 'apart', exitCode: 0 });
      for (const [id, name] of Object.entries({ s1: 'one', s2: 'two', s4: 'three' }))
        expect(frames.get(id)?.body.split(/\n+/)).toEqual(['before', name, 'after pause 1']);
    });

    it('gives what runs beside even when the shell itself breaks off', () => {
      const { frames, ms } = run(shell, [
        { script: 'echo first', runs: 'inline' },
        { script: 'sleep 0.2; echo beside', runs: 'beside' },
        { script: 'exit 2', runs: 'inline' },
        { script: 'echo never', runs: 'inline' },
      ]);
      expect(ms).toBeLessThan(3000);
      expect(frames.get('s0')?.body).toBe('first');
      expect(frames.get('s1')?.body).toBe('beside');
      expect(frames.has('s3')).toBe(false);
    });

    it('cuts what runs beside, too', () => {
      const { frames } = run(
        shell,
        [{ script: 'head -c 300000 /dev/zero | tr "\\0" x', runs: 'beside' }, { script: 'echo fine' }],
        { maxBytes: 1000 },
      );
      expect(frames.get('s0')).toMatchObject({ truncated: true, exitCode: 0, body: 'x'.repeat(1000) });
      expect(frames.get('s1')?.body).toBe('fine');
    });

    it('never lets a quoted value become code', () => {
      const hostile = fc.oneof(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.constantFrom(
          "'; id; '",
          '$(id)',
          '`id`',
          '\\',
          "'\\''",
          '--',
          '-n',
          '!!',
          '\r\n',
          '*',
          '~root',
          '%s%n',
          '${IFS}',
          '"$0"',
        ),
      );
      fc.assert(
        fc.property(fc.array(hostile, { minLength: 1, maxLength: 20 }), (values) => {
          const clean = values.map((value) => value.replaceAll('\0', ''));
          const script = clean.map((value) => `printf '%s\\n' ${quote(value)}`).join('\n');
          const [program = '', ...args] = shell;
          const { stdout } = spawnSync(program, [...args, '-c', script]);
          expect(stdout.equals(Buffer.from(clean.map((value) => `${value}\n`).join('')))).toBe(true);
        }),
        { numRuns: 40 },
      );
    });
  },
);
