import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { parseBody, UnreadableBody } from '../../src/alerts/parse-json.js';

const problemOf = (body: string | Buffer): string | null => {
  try {
    parseBody(Buffer.from(body));
    return null;
  } catch (error) {
    if (error instanceof UnreadableBody) return error.message;
    throw error;
  }
};
const lists = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const names = (count: number) => `{${Array.from({ length: count }, (_, n) => `"n${n}":1`).join()}}`;

describe('parseBody', () => {
  it.each([
    [lists(8), null],
    [lists(9), 'the body is nested more than 8 deep'],
    [names(200), null],
    [names(201), 'the body has an object with more than 200 names'],
    ['{"a":{"a":1},"b":{"a":2}}', null],
    ['[{"a":1},{"a":2}]', null],
    ['{"a":"b","c":"a"}', null],
    ['{"a" : 1, "a":2}', 'the body has an object with the same name twice'],
    ['{"a":{"b":1,"b":2}}', 'the body has an object with the same name twice'],
    ['{"\\u0061":1,"a":2}', 'the body has an object with the same name twice'],
    ['{"__proto__":1}', 'the body has an object with the name __proto__'],
    ['["__proto__"]', null],
    ['{"a":"__proto__"}', null],
    ['{"a":"{[\\"{"}', null],
    ['{"a\\"":1,"a":2}', null],
    ['', 'the body is empty'],
    ['\ufeff{}', 'the body is not JSON'],
    ['{"a":1}}', 'the body is not JSON'],
    ['"', 'the body is not JSON'],
    ['{"a', 'the body is not JSON'],
  ])('of %.40s says %s', (body, problem) => {
    expect(problemOf(body)).toBe(problem);
  });

  it('takes an honest document as JSON.parse does', () => {
    const constructor = '{"constructor":{"prototype":{"polluted":true}}}';
    expect(parseBody(Buffer.from(constructor))).toEqual(JSON.parse(constructor));
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('is done at once with a megabyte of anything', () => {
    for (const body of ['"'.repeat(1e6), '\\'.repeat(1e6), '{"a":'.repeat(2e5), `"${' '.repeat(1e6)}`]) {
      const began = performance.now();
      problemOf(body);
      expect(performance.now() - began).toBeLessThan(1_000);
    }
  });

  it('is done in time with a megabyte of blanks behind every text', () => {
    const began = performance.now();
    problemOf(`[${'"a"          ,'.repeat(80_000)}1]`);
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  test.prop([fc.json({ maxDepth: 4 })])('takes whatever JSON there is within the limits', (text) => {
    fc.pre(!text.includes('__proto__'));
    expect(parseBody(Buffer.from(text))).toEqual(JSON.parse(text));
  });

  test.prop([fc.uint8Array({ maxLength: 200 })])('throws nothing else for any bytes', (bytes) => {
    expect(() => problemOf(Buffer.from(bytes))).not.toThrow();
  });
});
