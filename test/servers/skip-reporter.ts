import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';
import { PACKAGES, SKIP_LOG, type Program } from './require-server.js';

/** Says at the end which tests were skipped for lack of a server, and the one line that installs it. */
export class SkipReporter implements Reporter {
  private folder = '';

  onInit(): void {
    this.folder = mkdtempSync(path.join(tmpdir(), 'diag503-skips-'));
    const log = path.join(this.folder, 'skips');
    writeFileSync(log, '');
    process.env[SKIP_LOG] = log;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const programs = readFileSync(path.join(this.folder, 'skips'), 'utf8')
      .split('\n')
      .filter(Boolean) as Program[];
    rmSync(this.folder, { recursive: true, force: true });
    for (const module of modules) {
      const skipped = [...module.children.allTests('skipped')].length;
      if (skipped > 0) console.log(`${skipped} test(s) skipped in ${module.relativeModuleId}`);
    }
    if (programs.length === 0) return;
    const counts = new Map<Program, number>();
    for (const program of programs) counts.set(program, (counts.get(program) ?? 0) + 1);
    console.log('\nSkipped, because this machine lacks a server that the tests need:');
    for (const [program, count] of counts)
      console.log(`  ${program}: ${count} group(s) of tests. Install: apt-get install ${PACKAGES[program]}`);
  }
}
