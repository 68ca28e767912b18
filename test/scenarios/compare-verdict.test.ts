import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/model/verdict.js';
import { runDocument } from '../helpers/run-document.js';
import { compareVerdict } from './compare-verdict.js';
import { ExpectedVerdict } from './expected-verdict.js';

const target = { kind: 'service', name: 'shop' } as const;
const link = (check: string, cause: Verdict['cause']) => ({ check, cause, target, summary: '' });

const FOUND: Verdict = {
  status: 'cause-found',
  cause: 'database-connections',
  confidence: 'likely',
  summary: '',
  chain: [
    link('idle-in-transaction', 'database-connections'),
    link('health-endpoint-failing', 'health-check'),
    link('answers-503', null),
  ],
  hop: 'app',
  remediations: [],
};
const HEALTHY: Verdict = { ...FOUND, status: 'healthy', cause: null, confidence: null, chain: [], hop: null };

const compare = (expected: unknown, verdict: Verdict = FOUND): string[] =>
  compareVerdict(ExpectedVerdict.parse(expected), runDocument({ verdict }));

describe('compareVerdict', () => {
  it('finds nothing where everything is as the expert said', () => {
    const all = {
      status: 'cause-found',
      cause: 'database-connections',
      confidence: ['confirmed', 'likely'],
      root: ['connections-exhausted', 'idle-in-transaction'],
      chain: ['idle-in-transaction', 'health-endpoint-failing', 'answers-503'],
      hop: 'app',
      notSaid: ['overload', 'workers-busy'],
    };
    expect(compare(all)).toEqual([]);
    expect(
      compare({ status: 'healthy', cause: null, confidence: null, hop: null, chain: [] }, HEALTHY),
    ).toEqual([]);
  });

  it('compares only what the expert wrote down', () => {
    expect(compare({ status: 'cause-found' })).toEqual([]);
  });

  it.each([
    [{ status: 'inconclusive' }, 'status is cause-found, not inconclusive'],
    [{ cause: 'overload' }, 'cause is database-connections, not overload'],
    [{ cause: null }, 'cause is database-connections, not none'],
    [{ confidence: 'confirmed' }, 'confidence is likely, not confirmed'],
    [{ confidence: ['confirmed', 'possible'] }, 'confidence is likely, not confirmed or possible'],
    [{ root: 'connections-exhausted' }, 'root is idle-in-transaction, not connections-exhausted'],
    [{ hop: null }, 'hop is app, not none'],
    [
      { chain: ['idle-in-transaction', 'answers-503'] },
      'chain is idle-in-transaction -> health-endpoint-failing -> answers-503, not idle-in-transaction -> answers-503',
    ],
  ])('tells %j from the verdict', (expected, difference) => {
    expect(compare({ status: 'cause-found', ...expected })).toEqual([difference]);
  });

  it('wants every fault told, be it in the chain or beside it', () => {
    expect(compare({ status: 'cause-found', found: ['unit-inactive'] })).toEqual([
      'does not find unit-inactive',
    ]);
  });

  it('tells a root where there should be one and is none', () => {
    const expected = { status: 'healthy', root: 'unit-inactive', chain: ['unit-inactive'] };
    expect(compare(expected, HEALTHY)).toEqual([
      'root is none, not unit-inactive',
      'chain is empty, not unit-inactive',
    ]);
  });

  it('hears what must not be said as cause, as cause of a link and as check', () => {
    const notSaid = ['database-connections', 'health-check', 'idle-in-transaction', 'cpu-saturated'];
    expect(compare({ status: 'cause-found', notSaid }).map((text) => text.split(',')[0])).toEqual([
      'says database-connections',
      'says health-check',
      'says idle-in-transaction',
    ]);
  });

  it.each([
    { status: 'cause-found', notSaid: ['cpu-saturatd'] },
    { status: 'cause-found', root: 'unit-inactiv' },
    { status: 'cause-found', roots: [] },
    { cause: 'overload' },
  ])('refuses an expectation that would compare nothing: %j', (expected) => {
    expect(ExpectedVerdict.safeParse(expected).success).toBe(false);
  });
});
