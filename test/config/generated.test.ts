import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generated } from '../../scripts/generated.js';
import { RunDocument } from '../../src/model/verdict.js';
import { ENV_NAMES } from '../../src/config/env-variables.js';

describe('files written from the code (npm run schema)', async () => {
  it.each(Object.entries(await generated()))('%s is current', (file, text) => {
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('.env.example names every variable', () => {
    const names = [...readFileSync('.env.example', 'utf8').matchAll(/^# ([A-Z0-9_]+)=/gm)].map(
      ([, name]) => name,
    );
    expect(names).toEqual(ENV_NAMES);
  });
});

it('the example of docs/json.md is a document as the program writes it', () => {
  const [, example = ''] = /```json\n(.*?)\n```/s.exec(readFileSync('docs/json.md', 'utf8')) ?? [];
  const value: unknown = JSON.parse(example);
  expect(RunDocument.parse(value)).toEqual(value);
});
