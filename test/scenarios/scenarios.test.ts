import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { replay } from '../../src/diagnosis/replay.js';
import { StoredRun } from '../../src/model/stored-run.js';
import { compareVerdict } from './compare-verdict.js';
import { ExpectedVerdict } from './expected-verdict.js';

/**
 * One folder is one recorded diagnosis, `<cause>.<case>`: what was read on real hosts, and the verdict that an expert
 * would give. A new case is a new folder; no code.
 */
const FOLDER = new URL('./', import.meta.url);
const FILES = ['run.json', 'verdict.json'];
const scenarios = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const load = <Schema extends z.ZodType>(scenario: string, file: string, schema: Schema): z.infer<Schema> =>
  schema.parse(JSON.parse(readFileSync(new URL(`${scenario}/${file}`, FOLDER), 'utf8')));

describe('recorded scenarios', () => {
  it('are complete', () => {
    const missing = scenarios.flatMap((scenario) =>
      FILES.filter((file) => !existsSync(new URL(`${scenario}/${file}`, FOLDER))).map(
        (file) => `${scenario}/${file}`,
      ),
    );
    expect(missing).toEqual([]);
  });

  for (const scenario of scenarios) {
    it(scenario, () => {
      const document = replay(load(scenario, 'run.json', StoredRun));
      expect(compareVerdict(load(scenario, 'verdict.json', ExpectedVerdict), document)).toEqual([]);
    });
  }
});
