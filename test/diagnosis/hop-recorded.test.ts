import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { signatureOf } from '../../src/diagnosis/hop-signatures.js';
import type { HttpAnswer } from '../../src/probes/http-answer.js';
import { answer } from './situation.js';

/** What `curl -i --http1.1` got from real servers in front of a dead, a slow and a refusing app. */
const FOLDER = new URL('../fixtures/answers/', import.meta.url);

const recorded = (name: string): HttpAnswer => {
  const text = readFileSync(new URL(`${name}.txt`, FOLDER), 'utf8');
  const end = text.indexOf('\n\n');
  const [status = '', ...lines] = text.slice(0, end).split('\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  const body = text.slice(end + 2);
  return answer(Number(status.split(' ')[1]), {
    headers: Object.fromEntries(headers),
    // The file ends its last line, an empty body has none.
    body: headers.some(([key, value]) => key === 'content-length' && value === '0') ? '' : body,
  });
};

const WRITERS: Readonly<Record<string, string>> = {
  'apache-2.4.71-refused': 'apache',
  'apache-2.4.71-timeout': 'apache',
  'apache-2.4.71-rewrite-rule': 'apache',
  'apache-2.4.71-passes-on': 'app-server',
  'caddy-2.6.2-no-upstream': 'caddy',
  'caddy-2.6.2-refused': 'caddy',
  'varnish-7.1-refused': 'varnish',
  'varnish-7.1-first-byte-timeout': 'varnish',
  'varnish-7.1-synth': 'varnish',
  'varnish-7.1-passes-on': 'app-server',
};

describe('who wrote a recorded answer', () => {
  it('is asked of every one', () => {
    const names = readdirSync(FOLDER).map((file) => file.replace(/\.txt$/, ''));
    expect(Object.keys(WRITERS).toSorted()).toEqual(names.toSorted());
  });

  it.each(Object.entries(WRITERS))('%s: %s', (name, id) => {
    expect(signatureOf(recorded(name))?.id).toBe(id);
  });
});
