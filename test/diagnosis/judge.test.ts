import { describe, expect, it } from 'vitest';
import { Judgement } from '../../src/model/verdict.js';
import { hostCases } from './host-cases.js';
import { sharedCases } from './shared-cases.js';
import { judgeSituation } from './situation.js';

describe('judge', () => {
  it.each([...hostCases, ...sharedCases])('%s', (_name, situation, [cause, confidence, chain]) => {
    const { verdict } = Judgement.parse(judgeSituation(situation));
    expect({ status: verdict.status, cause: verdict.cause, confidence: verdict.confidence }).toEqual({
      status: cause === null ? 'inconclusive' : 'cause-found',
      cause,
      confidence,
    });
    if (chain !== undefined) expect(verdict.chain.map(({ check }) => check)).toEqual(chain);
  });
});
