import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Service } from '../../src/model/service.js';
import { release } from '../../src/probes/release.js';

const folder = mkdtempSync(path.join(tmpdir(), 'release-'));
afterAll(() => rmSync(folder, { recursive: true }));
mkdirSync(path.join(folder, '.git', 'refs', 'heads'), { recursive: true });
writeFileSync(path.join(folder, 'private'), 'first line of a file of the login\n');

const service = Service.parse({
  name: 'api',
  title: 'api',
  hosts: ['local'],
  health: 'http://127.0.0.1:8000/',
  release: { gitDir: folder },
});
const read = (head: string): string => {
  writeFileSync(path.join(folder, '.git', 'HEAD'), head);
  try {
    return execFileSync('sh', ['-c', release.script(service)], { encoding: 'utf8' });
  } catch {
    return 'refused';
  }
};

describe('the release of a git checkout', () => {
  it('is the commit of the branch', () => {
    writeFileSync(path.join(folder, '.git', 'refs', 'heads', 'main'), `${'0a'.repeat(20)}\n`);
    expect(read('ref: refs/heads/main\n')).toContain(`id ${'0a'.repeat(20)}\n`);
  });

  it.each(['ref: ../private\n', 'ref: refs/../../private\n', 'not a commit\n'])(
    'is never a line of another file: %j',
    (head) => expect(read(head)).toBe('refused'),
  );
});
