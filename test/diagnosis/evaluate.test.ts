import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Check, Outcome } from '../../src/checks/define-check.js';
import { evaluate } from '../../src/diagnosis/evaluate.js';
import type { ProbeRegistry } from '../../src/diagnosis/observe.js';
import type { Reading } from '../../src/model/reading.js';
import type { Target } from '../../src/model/target.js';
import { defineServiceProbe } from '../../src/probes/define-probe.js';
import { NOW, serviceOf } from './situation.js';

const probe = (id: string) =>
  defineServiceProbe({
    id,
    fact: z.object({ value: z.number() }),
    places: () => [],
    source: () => id,
    read: () => Promise.reject(new Error('not in a test')),
  });
const probes: ProbeRegistry = { first: probe('first-probe'), second: probe('second-probe') };
const common = { via: 'api-1', source: 'cat /x', at: NOW, durationMs: 1 };
const host = (name: string): Target => ({ kind: 'host', name });
const read = (probeId: string, target: Target, fact: unknown = { value: 1 }): Reading => ({
  status: 'read',
  probe: probeId,
  target,
  ...common,
  fact,
});
const unread = (probeId: string, target: Target): Reading => ({
  status: 'unread',
  probe: probeId,
  target,
  ...common,
  reason: 'denied',
  detail: 'permission denied',
});
const check = (
  over: Record<string, unknown>,
  outcome: () => Outcome = () => ({ status: 'passed', summary: 'ok' }),
) =>
  ({
    id: 'the-check',
    cause: 'overload',
    title: 't',
    scope: 'host',
    needs: ['first'],
    evaluate: outcome,
    ...over,
  }) as unknown as Check;
const run = (readings: Reading[], one: Check) =>
  evaluate({ service: serviceOf({ hosts: ['api-1'] }), readings, now: NOW, checks: [one], probes });

describe('evaluate', () => {
  it('judges each host on its own facts', () => {
    const seen: unknown[] = [];
    const one = check({
      evaluate: (facts: Record<string, { fact: unknown }>, { host: name }: { host: string }): Outcome => {
        seen.push([name, facts['first']?.fact]);
        return { status: 'passed', summary: 'ok' };
      },
    });
    const readings = [read('first-probe', host('api-1')), read('first-probe', host('api-2'), { value: 2 })];
    evaluate({ service: serviceOf({}), readings, now: NOW, checks: [one], probes });
    expect(seen).toEqual([
      ['api-1', { value: 1 }],
      ['api-2', { value: 2 }],
    ]);
  });

  it('skips as not configured where no place was to be read', () => {
    expect(run([], check({}))).toMatchObject([
      { outcome: { status: 'skipped', reason: 'not configured' }, gaps: [] },
    ]);
    const twoNeeds = run([read('first-probe', host('api-1'))], check({ needs: ['first', 'second'] }));
    expect(twoNeeds).toMatchObject([{ outcome: { status: 'skipped' } }]);
  });

  it('says unknown, and why, where a needed fact was not read', () => {
    expect(run([unread('first-probe', host('api-1'))], check({}))).toMatchObject([
      { outcome: { status: 'unknown' }, gaps: [{ target: host('api-1'), reason: 'permission denied' }] },
    ]);
  });

  it('says unknown where a stored fact does not fit its schema any more', () => {
    const [evaluation] = run([read('first-probe', host('api-1'), { value: 'old' })], check({}));
    expect(evaluation?.outcome.status).toBe('unknown');
    expect(evaluation?.gaps[0]?.reason).toContain('does not fit first-probe any more (at value)');
  });

  it('turns a check that throws into unknown, never into failed', () => {
    const [evaluation] = run(
      [read('first-probe', host('api-1'))],
      check({}, () => {
        throw new Error('no such field');
      }),
    );
    expect(evaluation?.outcome.status).toBe('unknown');
    expect(evaluation?.gaps[0]?.reason).toBe('the-check could not judge: no such field');
  });

  it('judges a service on what was read and keeps the gaps', () => {
    const [evaluation] = run(
      [read('first-probe', host('api-1')), unread('first-probe', host('api-2'))],
      check({ scope: 'service' }),
    );
    expect(evaluation).toMatchObject({ outcome: { status: 'passed' }, gaps: [{ target: host('api-2') }] });
  });

  it('judges a dependency by whichever of its facts there is', () => {
    const cache: Target = { kind: 'dependency', name: 'cache' };
    const bank: Target = { kind: 'dependency', name: 'bank' };
    const both = run(
      [read('first-probe', cache), unread('second-probe', bank)],
      check({ scope: 'dependency', needs: [], uses: ['first', 'second'] }),
    );
    expect(both.map(({ target, outcome }) => [target.name, outcome.status])).toEqual([
      ['bank', 'unknown'],
      ['cache', 'passed'],
    ]);
  });

  it('makes evidence of quotes: source, host and time come from the reading', () => {
    const one = check({
      evaluate: (facts: Record<string, { via: string }>): Outcome =>
        ({
          status: 'failed',
          confidence: 'likely',
          summary: '1 of 1',
          evidence: [{ from: facts['first'], excerpt: 'line' }],
          cause: 'dependency',
        }) as unknown as Outcome,
    });
    const [evaluation] = run([read('first-probe', host('api-1'))], one);
    expect(evaluation?.outcome).toEqual({
      status: 'failed',
      finding: {
        check: 'the-check',
        cause: 'dependency',
        target: host('api-1'),
        confidence: 'likely',
        summary: '1 of 1',
        evidence: [{ source: 'cat /x', host: 'api-1', at: NOW, excerpt: 'line' }],
        remediations: [],
      },
    });
  });
});
