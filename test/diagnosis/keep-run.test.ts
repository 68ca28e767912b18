import { describe, expect, it } from 'vitest';
import { judge } from '../../src/diagnosis/judge.js';
import { keepRun } from '../../src/diagnosis/keep-run.js';
import { replay } from '../../src/diagnosis/replay.js';
import { RULES_VERSION } from '../../src/diagnosis/rules-version.js';
import { StoredRun } from '../../src/model/stored-run.js';
import { reading } from '../builders/readings.js';
import { recorded } from '../builders/recorded.js';
import { runDocument } from '../helpers/run-document.js';
import { service as serviceOf } from '../helpers/service.js';

const HOST = { kind: 'host', name: 'local' } as const;
const keep = (fields: Parameters<typeof serviceOf>[1], secrets: string[] = []) =>
  keepRun({ service: serviceOf('shop', fields), document: runDocument(), readings: [], secrets }).service;

describe('keepRun', () => {
  it('takes the password out of every URL, even one that is a common word', () => {
    const kept = keep({
      url: 'https://ana:postgres@shop.example/',
      database: { kind: 'postgres', url: 'postgresql://diag503:postgres@db/orders' },
      dependencies: [{ name: 'cache', kind: 'redis', url: 'redis://:app@cache:6379' }],
      balancer: { kind: 'haproxy', statsUrl: 'http://stats:word@lb/;csv', pool: 'shop' },
      links: { Dashboard: 'https://u:word@grafana.example/d' },
    });
    expect(kept).toMatchObject({
      url: 'https://ana@shop.example/',
      database: { kind: 'postgres', url: 'postgresql://diag503@db/orders' },
      dependencies: [{ url: 'redis://cache:6379' }],
      balancer: { statsUrl: 'http://stats@lb/;csv' },
      links: { Dashboard: 'https://u@grafana.example/d' },
    });
  });

  it('takes the secrets of the environment out of what else the entry says', () => {
    const secret = 'q7Rz-81kdLw0pX';
    const kept = keep(
      { release: { command: ['release', '--of', `x${secret}`] }, url: `https://shop.example/?for=${secret}` },
      [secret],
    );
    expect(JSON.stringify(kept)).not.toContain(secret);
    expect(() => serviceOf('shop', kept)).not.toThrow();
  });

  it('keeps every line of a journal, for the same verdict', () => {
    const journal = recorded('unitJournal', 'crash-loop');
    const line = journal.lines.at(-1)!;
    const lines = Array.from({ length: 100 }, (_, index) => ({ ...line, message: `line ${index}` }));
    const readings = [reading('unitJournal', { ...journal, lines }, HOST)];
    const [kept] = keepRun({ service: serviceOf(), document: runDocument(), readings }).readings;
    const messages = (kept as unknown as { fact: typeof journal }).fact.lines.map(({ message }) => message);
    expect(messages).toHaveLength(100);
  });
});

describe('replay', () => {
  it('gives the document of the run, by the rules of today', () => {
    const service = serviceOf('shop', { unit: 'shop' });
    const readings = [reading('unitState', recorded('unitState', 'stopped'), HOST)];
    const hosts = [{ name: 'local', reached: true }];
    const run = { ...runDocument().run, rulesVersion: RULES_VERSION };
    const now = new Date(Date.parse(run.startedAt) + run.durationMs).toISOString();
    const document = runDocument({ service: 'shop', run, ...judge({ service, readings, hosts, now }) });

    const old = { ...document, run: { ...run, rulesVersion: '1' } };
    const stored = keepRun({ service, document: old, readings });
    expect(replay(StoredRun.parse(JSON.parse(JSON.stringify(stored))))).toEqual(document);
  });

  it('counts from the first reading where the run is not told', () => {
    const readings = [
      { ...reading('unitState', recorded('unitState', 'stopped'), HOST), at: '2026-11-22T10:00:00.000Z' },
    ];
    const now = '2026-11-22T10:00:02.000Z';
    const document = replay({ version: 1, service: serviceOf(), now, hosts: [], readings });
    expect(document.run).toMatchObject({ startedAt: '2026-11-22T10:00:00.000Z', durationMs: 2_000 });
  });
});
