import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { judge } from '../../src/diagnosis/judge.js';
import { Reading } from '../../src/model/reading.js';
import { Service } from '../../src/model/service.js';
import { HostReach } from '../../src/model/verdict.js';

/**
 * One folder is one recorded diagnosis, `<cause>.<case>`: what was read on real hosts, and the verdict that an expert
 * would give. A new case is a new folder; no code.
 */
const FOLDER = new URL('./', import.meta.url);
const FILES = ['service.json', 'readings.json', 'verdict.json'];
const scenarios = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const Recorded = z.object({ now: z.iso.datetime(), hosts: z.array(HostReach), readings: z.array(Reading) });
const load = <Schema extends z.ZodType>(scenario: string, file: string, schema: Schema): z.infer<Schema> =>
  schema.parse(JSON.parse(readFileSync(new URL(`${scenario}/${file}`, FOLDER), 'utf8')));

describe('recorded scenarios', () => {
  it('are complete', () => {
    const missing = scenarios.flatMap((scenario) =>
      FILES.filter((file) => !existsSync(new URL(`${scenario}/${file}`, FOLDER))).map((file) => `${scenario}/${file}`),
    );
    expect(missing).toEqual([]);
  });

  for (const scenario of scenarios) {
    it(scenario, () => {
      const service = load(scenario, 'service.json', Service);
      const { verdict } = judge({ service, ...load(scenario, 'readings.json', Recorded) });
      const { status, cause, confidence, hop, chain } = verdict;
      const expected = load(scenario, 'verdict.json', z.record(z.string(), z.unknown()));
      // Only what the expert wrote down is compared: at least status and cause.
      expect({ status, cause, confidence, hop, chain: chain.map(({ check }) => check) }).toMatchObject(expected);
    });
  }
});
