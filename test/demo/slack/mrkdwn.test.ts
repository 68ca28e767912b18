import { describe, expect, it } from 'vitest';
import { parseMrkdwn } from '../../../demo/slack/mrkdwn.js';
import { printBlocks, printText } from '../../../demo/slack/print-thread.js';

const names = { user: () => 'ana', channel: () => 'ops-api', usergroup: () => 'ops' };

describe('mrkdwn', () => {
  it.each([
    ['a &amp; b &lt;c&gt; &amp;lt;', 'a & b <c> &lt;'],
    ['*bold* _it_ ~no~ `a *b*`', 'bold it no a *b*'],
    ['1*2*3 snake_case_word', '1*2*3 snake_case_word'],
    ['<@U0ANA> in <#C0OPSAPI|x>, <!subteam^S0OPS> <!here>', '@ana in #ops-api, @ops @here'],
    ['<https://a.b/?q=1&amp;r=2|docs> <https://c.d>', 'docs (https://a.b/?q=1&r=2) https://c.d'],
    ['since <!date^1700000000^{time}|02:41 UTC>', 'since 02:41 UTC'],
    [':warning: :no_such_thing:', '⚠️ :no_such_thing:'],
    ['x\n```\n# *as is* &amp;\n  - y\n```\nz', 'x\n    # *as is* &\n      - y\nz'],
    ['&gt; one\n&gt; two\nthree', '> one\n> two\nthree'],
  ])('%j reads %j', (text, expected) => expect(printText(text, names)).toBe(expected));

  it('keeps marks inside a fence and knows the kinds', () => {
    expect(parseMrkdwn('```*a*```')).toEqual([{ kind: 'fence', spans: [{ kind: 'text', text: '*a*' }] }]);
    expect(parseMrkdwn('*a _b_*')).toEqual([
      {
        kind: 'lines',
        spans: [
          {
            kind: 'styled',
            style: 'bold',
            children: [
              { kind: 'text', text: 'a ' },
              { kind: 'styled', style: 'italic', children: [{ kind: 'text', text: 'b' }] },
            ],
          },
        ],
      },
    ]);
  });
});

it('prints blocks for a terminal', () => {
  const text = printBlocks(
    [
      { type: 'section', text: { type: 'mrkdwn', text: '*Cause*' } },
      {
        type: 'rich_text',
        elements: [
          { type: 'rich_text_section', elements: [{ type: 'text', text: 'api-2$ ss -lnt' }] },
          { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'LISTEN 0\nLISTEN 1' }] },
        ],
      },
      { type: 'divider' },
      {
        type: 'actions',
        elements: [{ type: 'button', text: { type: 'plain_text', text: 'Run again' } }, { type: 'overflow' }],
      },
    ],
    names,
  );
  expect(text.split('\n')).toEqual([
    'Cause',
    'api-2$ ss -lnt',
    '    LISTEN 0',
    '    LISTEN 1',
    '-'.repeat(40),
    '[Run again] [more]',
  ]);
});
