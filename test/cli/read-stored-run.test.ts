import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataError, UsageError } from '../../src/cli/exit-codes.js';
import { readStoredRun } from '../../src/cli/read-stored-run.js';

const WAY_OUT = 'write one with `diag503 run SERVICE --save FILE`';
let folder: string;

beforeAll(() => (folder = mkdtempSync(path.join(tmpdir(), 'diag503-stored-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const refusal = (file: string): unknown => {
  try {
    return readStoredRun(file);
  } catch (error) {
    return error;
  }
};

describe('readStoredRun', () => {
  it.each([
    ['', 'name the file of a stored run; '],
    ['/no/such/file.json', '/no/such/file.json: no such file or folder; name a stored run, or '],
    ['/etc/passwd/run.json', '/etc/passwd/run.json: a part of the path is a file, not a folder; '],
    ['/proc/self', '/proc/self/run.json: no such file or folder; '],
    ['a\u001b[31m', 'a\\x1b[31m: no such file or folder; '],
    ['a\0b', 'a\\x00b: this is not the name of a file; '],
  ])('refuses %j, which is not there, as wrong usage', (file, message) => {
    const error = refusal(file);
    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toContain(message);
    expect(String(error)).toContain(WAY_OUT);
  });

  it.each([
    ['nothing', '', `not a stored run: it is not JSON; ${WAY_OUT}`],
    ['half a file', '{"version":1,"service":{', `not a stored run: it is not JSON; ${WAY_OUT}`],
    ['null', 'null', 'not a stored run: '],
    ['a list', '[]', 'not a stored run: '],
    ['too little', '{"version":1}', 'not a stored run: service: '],
    ['the document of a run', '{"version":1,"verdict":{}}', 'which has no readings'],
    [
      'a newer version',
      '{"version":2}',
      'a stored run of version 2, and this diag503 reads version 1; replay it',
    ],
    ['an odd version', '{"version":"\\u009b31m"}', 'a stored run of version "\\x9b31m"'],
  ])('refuses %s with file, reason and way out', (_, content, message) => {
    const file = path.join(folder, 'run.json');
    writeFileSync(file, content);
    const error = refusal(folder);
    expect(error).toBeInstanceOf(DataError);
    expect(String(error)).toContain(`${file}: `);
    expect(String(error)).toContain(message);
    expect(String(error).length).toBeLessThan(500);
    expect(String(error)).not.toContain('\n');
  });
});
