import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bold,
  code,
  codeBlock,
  literal,
  mention,
  plain,
  readerTime,
} from '../../../src/slack/views/mrkdwn.js';

describe('mrkdwn', () => {
  it('shows control characters of mrkdwn as they are', () => {
    expect(literal('<!channel> & <http://x|y>', 100)).toBe('&lt;!channel&gt; &amp; &lt;http://x|y&gt;');
  });

  it('never splits an entity or a character when it cuts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('&', '<', '>', '😀', 'a')),
        fc.integer({ min: 0, max: 30 }),
        (chars, max) => {
          const cut = literal(chars.join(''), max);
          expect(cut.length).toBeLessThanOrEqual(max);
          expect(cut.replace(/&(?:amp|lt|gt);/g, '')).not.toMatch(/[&<>]/);
          expect(cut).not.toMatch(/\p{Surrogate}/u);
        },
      ),
    );
  });

  it('drops what cannot be seen and what turns text around', () => {
    expect(literal('a\u202eb\u200bc\u0000d\u001b[0m\u0085\ufeff\r\ne', 100)).toBe('abcd[0m\ne');
  });

  it('keeps a fence inside code from ending it', () => {
    expect(codeBlock(literal('x ``` y', 50))).toBe('```\nx ˋˋˋ y\n```');
    expect(code('a`b', 10)).toBe('`aˋb`');
    expect(code(' \n ', 10)).toBe('');
    expect(bold('a*b', 10)).toBe('*a∗b*');
  });

  it('leaves text for rich_text as it is, but for what looks like a token', () => {
    expect(plain('a & b <i>', 20)).toBe('a & b <i>');
    expect(plain('<!channel>', 20)).toBe('<\u2060!channel>');
  });

  it.each(['U0ANA', 'W012ABC'])('mentions %s', (id) => expect(mention(id)).toBe(`<@${id}>`));
  it.each(['', 'u0ana', 'U0', 'U0ANA>', '!here', 'S0OPS', `U${'A'.repeat(40)}`])(
    'does not mention %j',
    (id) => expect(mention(id)).not.toContain('<'),
  );

  it('gives a time in the reader’s zone, from numbers of ours only', () => {
    expect(readerTime('2026-11-22T02:41:00.000Z')).toBe('<!date^1795315260^{time_secs}|02:41:00 UTC>');
    expect(readerTime('2026-11-22T02:41:00.000Z', '2026-11-24T02:41:00.000Z')).toBe(
      '<!date^1795315260^{date_short} {time_secs}|2026-11-22 02:41:00 UTC>',
    );
    expect(readerTime('<!channel>')).toBe('&lt;!channel&gt;');
  });
});
