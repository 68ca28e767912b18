import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { calmly, createLogger, passwordOf } from '../src/logger.js';

function logged(
  secrets: (string | undefined)[],
  write: (log: ReturnType<typeof createLogger>) => void,
): string {
  let text = '';
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  write(createLogger({ level: 'info', secrets, destination }));
  return text;
}

describe('the log', () => {
  it('is one JSON object a line', () => {
    const line = logged([], (log) => log.info({ runId: 'r1' }, 'started'));
    expect(JSON.parse(line)).toMatchObject({ level: 'info', runId: 'r1', msg: 'started' });
  });

  it.each(['xoxb-1234567890-abc', 'pass"word\\with', 'p@ss/word?#1'])(
    'never holds the secret %s',
    (secret) => {
      const text = logged([secret], (log) => {
        log.error({ err: new Error(`login with ${secret} failed`) }, `retrying ${secret}`);
        log.info({ url: `postgres://u:${encodeURIComponent(secret)}@h/db` }, 'opened');
      });
      expect(text).not.toContain(secret);
      expect(text).not.toContain(JSON.stringify(secret).slice(1, -1));
      expect(text).not.toContain(encodeURIComponent(secret));
      expect(text.match(/\[redacted\]/g)?.length).toBeGreaterThanOrEqual(3);
      for (const line of text.trim().split('\n')) expect(() => JSON.parse(line) as unknown).not.toThrow();
    },
  );

  it('does not take short words for secrets', () => {
    expect(logged(['api', undefined, ''], (log) => log.info('api started'))).toContain('api started');
  });
});

describe('passwordOf', () => {
  it.each([
    ['redis://:s%40cret@h:6379', 's@cret'],
    ['postgres://u@h/db', undefined],
    ['not a url', undefined],
    [undefined, undefined],
  ])('%s has %s', (url, password) => {
    expect(passwordOf(url)).toBe(password);
  });
});

describe('calmly', () => {
  it('says the same thing once in a while', () => {
    const said: string[] = [];
    const log = calmly((error) => said.push(error.message));
    for (let i = 0; i < 50; i++) log(new Error('ECONNREFUSED'));
    log(new Error('another'));
    expect(said).toEqual(['ECONNREFUSED', 'another']);
  });
});
