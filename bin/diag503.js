#!/usr/bin/env node
import { existsSync } from 'node:fs';

const built = new URL('../dist/src/cli/main.js', import.meta.url);
const source = new URL('../src/cli/main.ts', import.meta.url);

if (existsSync(built)) await import(built.href);
else await runFromSource();

/** A fresh checkout after `npm ci`: the TypeScript runs as it is, through a development dependency. */
async function runFromSource() {
  const tsx = await import('tsx/esm/api').catch(() => null);
  if (tsx === null || !existsSync(source)) {
    process.stderr.write('diag503: not built yet: run `npm ci && npm run build`\n');
    process.exitCode = 70;
    return;
  }
  tsx.register();
  await import(source.href);
}
