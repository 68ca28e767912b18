import { describe, expect, it } from 'vitest';
import { lastRun } from '../../src/checks/host/last-run.js';
import { isByRelease, nameStartupError } from '../../src/checks/startup-errors.js';
import { recorded } from '../builders/recorded.js';

const named = (name: string) =>
  nameStartupError(lastRun(recorded('unitJournal', name)).map(({ line }) => line));

describe('start-up errors in recorded journals', () => {
  it.each([
    ['failed-exit', 'missing-module'],
    ['start-limit-hit', 'missing-module'],
    ['crash-loop', 'missing-setting'],
    ['port-in-use', 'port-in-use'],
    ['exec-not-found', 'missing-file'],
    ['chdir-failed', 'missing-file'],
    ['environment-file-missing', 'missing-setting'],
  ])('%s is %s', (name, kind) => {
    expect(named(name)?.kind).toBe(kind);
  });
});

describe('start-up errors of other programs', () => {
  it.each([
    [
      'dependency-refused',
      'psycopg2.OperationalError: connection to server at "db" (10.0.0.5), port 5432 failed: Connection refused',
    ],
    ['dependency-refused', 'Error: connect ECONNREFUSED 127.0.0.1:6379'],
    ['port-in-use', 'Error: listen EADDRINUSE: address already in use :::3000'],
    ['permission', "PermissionError: [Errno 13] Permission denied: '/var/log/app.log'"],
    ['bad-config', 'nginx: [emerg] unknown directive "servre" in /etc/nginx/nginx.conf:3'],
    ['disk-full', 'OSError: [Errno 28] No space left on device'],
  ])('%s', (kind, line) => {
    expect(nameStartupError([line])).toMatchObject({ kind, line });
  });

  it('leaves unnamed what it does not know', () => {
    expect(nameStartupError(['Segmentation fault'])).toBeNull();
  });

  it('blames a release for what only a release brings', () => {
    expect(
      ['missing-module', 'port-in-use'].map((kind) => isByRelease({ kind, phrase: '', line: '' } as never)),
    ).toEqual([true, false]);
  });
});
