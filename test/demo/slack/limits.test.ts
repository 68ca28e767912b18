import { describe, expect, it } from 'vitest';
import { refuseMessage, viewErrors } from '../../../demo/slack/limits.js';
import type { Json } from '../../../demo/slack/types.js';

const plain = (length: number) => ({ type: 'plain_text', text: 'x'.repeat(length) });
const section = (length: number) => ({ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(length) } });
const button = (fields: object = {}) => ({ type: 'button', action_id: 'a', text: plain(3), ...fields });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const many = <Item>(count: number, item: (index: number) => Item) =>
  Array.from({ length: count }, (_, i) => item(i));
const option = (index: number) => ({ text: plain(3), value: String(index) });
const refuse = (blocks: unknown, text = 'x') => refuseMessage({ text, blocks: blocks as Json });

describe('what Slack takes', () => {
  it.each([
    ['50 blocks', many(50, () => ({ type: 'divider' }))],
    ['a section of 3000', [section(3000)]],
    ['ten fields', [{ type: 'section', fields: many(10, () => plain(100)) }]],
    ['a header of 150', [{ type: 'header', text: plain(150) }]],
    ['25 buttons', [actions(...many(25, (i) => button({ action_id: `a${i}` })))]],
    ['a long value', [actions(button({ value: 'x'.repeat(2000) }))]],
    ['markdown of 12000', [{ type: 'markdown', text: 'x'.repeat(12_000) }]],
    ['an alert', [{ type: 'alert', level: 'error', text: plain(200) }]],
    [
      'rich text',
      [
        {
          type: 'rich_text',
          elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'a' }] }],
        },
      ],
    ],
  ])('%s', (_name, blocks) => expect(refuse(blocks)).toBeNull());
});

describe('what Slack refuses', () => {
  it.each([
    [
      '51 blocks',
      many(51, () => ({ type: 'divider' })),
      'no more than 50 items allowed [json-pointer:/blocks]',
    ],
    [
      'a section of 3001',
      [section(3001)],
      'must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
    ],
    ['an empty section', [{ type: 'section' }], 'missing required field: text [json-pointer:/blocks/0]'],
    ['empty text', [section(0)], 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
    ['a header of 151', [{ type: 'header', text: plain(151) }], 'must be less than 151 characters'],
    ['mrkdwn in a header', [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }], '/blocks/0/text/type'],
    ['an unknown block', [{ type: 'banner' }], 'unsupported type [json-pointer:/blocks/0/type]'],
    [
      'an unknown element',
      [actions({ type: 'dial' })],
      'unsupported type [json-pointer:/blocks/0/elements/0/type]',
    ],
    ['an unknown property', [{ type: 'divider', colour: 'red' }], 'invalid additional property: colour'],
    ['button text of 76', [actions(button({ text: plain(76) }))], 'must be less than 76 characters'],
    ['a value of 2001', [actions(button({ value: 'x'.repeat(2001) }))], 'must be less than 2001 characters'],
    [
      '26 buttons',
      [actions(...many(26, (i) => button({ action_id: `a${i}` })))],
      'no more than 25 items allowed',
    ],
    ['one action id twice', [actions(button(), button())], 'action_id must be unique within a block'],
    [
      'one block id twice',
      [
        { type: 'divider', block_id: 'b' },
        { type: 'divider', block_id: 'b' },
      ],
      'block_id must be unique',
    ],
    [
      '11 in a context',
      [{ type: 'context', elements: many(11, () => plain(1)) }],
      'no more than 10 items allowed',
    ],
    [
      'overflow of 6',
      [actions({ type: 'overflow', options: many(6, option) })],
      'no more than 5 items allowed',
    ],
    [
      '101 options',
      [actions({ type: 'static_select', options: many(101, option) })],
      'no more than 100 items allowed',
    ],
    [
      'confirm title of 101',
      [actions(button({ confirm: { title: plain(101), text: plain(1) } }))],
      'must be less than 101',
    ],
    [
      'eleven fields',
      [{ type: 'section', fields: many(11, () => plain(1)) }],
      'no more than 10 items allowed',
    ],
    ['not a list', { type: 'divider' }, 'should be array [json-pointer:/blocks]'],
  ])('%s', (_name, blocks, message) => {
    const refusal = refuse(blocks);
    expect(refusal?.error).toBe('invalid_blocks');
    expect(refusal?.messages.join('\n')).toContain(message);
    expect(refusal?.messages.every((line) => line.startsWith('[ERROR] '))).toBe(true);
  });

  it('text over 40,000', () => expect(refuse([], 'x'.repeat(40_001))?.error).toBe('msg_too_long'));
  it('blocks over 13,000 in all', () =>
    expect(refuse(many(5, () => section(2900)))?.error).toBe('msg_blocks_too_long'));
});

describe('views', () => {
  const view = { type: 'modal', title: plain(24), blocks: [] };
  it('fits', () => expect(viewErrors(view)).toEqual([]));
  it.each([
    [
      'title of 25',
      { ...view, title: plain(25) },
      'must be less than 25 characters [json-pointer:/view/title/text]',
    ],
    ['no title', { type: 'modal', blocks: [] }, 'missing required field: title'],
    [
      'inputs without submit',
      { ...view, blocks: [{ type: 'input', label: plain(1), element: { type: 'plain_text_input' } }] },
      'missing required field: submit',
    ],
    [
      'metadata of 3001',
      { ...view, private_metadata: 'x'.repeat(3001) },
      'must be less than 3001 characters',
    ],
  ])('%s', (_name, content, message) => expect(viewErrors(content).join()).toContain(message));
});
