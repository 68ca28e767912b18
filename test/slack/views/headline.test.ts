import { describe, expect, it } from 'vitest';
import { headline } from '../../../src/slack/views/headline.js';
import { run, runDocument } from '../../helpers/run-document.js';

const verdict = runDocument().verdict;
const nothing = { cause: null, confidence: null, hop: null, chain: [], remediations: [] };

describe('headline', () => {
  it.each([
    ['queued', run({ state: 'queued' }), 'looking at *api-prod* (asked by <@U0ANA>)'],
    [
      'running',
      run({ state: 'running', progress: { hosts: 3, done: 9, total: 14 } }),
      'looking at *api-prod*: 3 hosts, 9 of 14 readings (asked by <@U0ANA>)',
    ],
    [
      'looking again',
      run({ state: 'running', progress: { hosts: 3, done: 9, total: 14, look: 2 } }),
      'looking at *api-prod* again, look 2: 3 hosts, 9 of 14 readings (asked by <@U0ANA>)',
    ],
    [
      'cause found',
      run(),
      '*api-prod* answers 503: database connections exhausted (confirmed), said by the app, 2.1 s, asked by <@U0ANA>',
    ],
    [
      'healthy',
      run({ document: runDocument({ verdict: { ...verdict, ...nothing, status: 'healthy' } }) }),
      '*api-prod* does not answer 503 now: healthy, 2.1 s, asked by <@U0ANA>',
    ],
    [
      'inconclusive',
      run({
        document: runDocument({
          verdict: { ...verdict, cause: null, confidence: null, status: 'inconclusive' },
        }),
      }),
      '*api-prod* answers 503: no cause found, said by the app, 1 check could not look, 2.1 s, asked by <@U0ANA>',
    ],
    [
      'unreachable',
      run({
        document: runDocument({
          verdict: { ...verdict, ...nothing, status: 'unreachable' },
          hosts: [{ name: 'api-1', reached: false }],
        }),
      }),
      '*api-prod*: could not look, 0 of 1 host reached, 2.1 s, asked by <@U0ANA>',
    ],
    [
      'failed',
      run({
        state: 'failed',
        document: null,
        error: 'the worker broke <!here>\n  at stack',
        origin: { kind: 'alert', user: null },
      }),
      '*api-prod*: the diagnosis failed: the worker broke &lt;!here&gt;, asked by an alert',
    ],
    [
      'asked by what is no user id',
      run({ state: 'queued', origin: { kind: 'slash', user: '!channel' } }),
      'looking at *api-prod* (asked by !channel)',
    ],
  ])('%s', (_state, given, text) => {
    expect(headline(given).text).toBe(text);
  });

  it('offers to run again after a failure', () => {
    const { blocks } = headline(run({ state: 'failed', document: null, error: 'x' }));
    expect(blocks.at(-1)).toMatchObject({ type: 'actions', elements: [{ action_id: 'run-again' }] });
    expect(headline(run()).blocks).toHaveLength(1);
  });
});
