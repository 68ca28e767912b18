import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../helpers/until.js';
import { ANA, BEN, type Bench, CHANNEL, openBench } from './bench.js';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
  await bench.startListening('start');
});
afterAll(() => bench.close());

/** The one private answer to a command. */
async function answerTo(text: string): Promise<string> {
  const before = bench.told(ANA).length;
  const acknowledgement = await bench.command(text);
  expect(acknowledgement.kind).toBe('acknowledged');
  await until(`an answer to ${text.slice(0, 40)}`, () => bench.told(ANA).length > before, 5_000);
  expect(bench.told(ANA)).toHaveLength(before + 1);
  return bench.told(ANA).at(-1) ?? '';
}

const TRACE = path.join(tmpdir(), `diag503-e2e-trace-${process.pid}`);

describe('what is no service is answered in private, and nothing is in the channel', () => {
  it.each([
    ['help', 'finds out why a service answers 503'],
    ['list', '`slow-shop`'],
    ['status shop', 'Nobody has asked about `shop` yet'],
    ['status nothing', 'There is no service `nothing`'],
    ['shpo', 'Nearest: `shop`'],
    ['payments', 'There is no service `payments`. `/diag503 list`'],
    ['shop now please', 'There is no service `shop now please`'],
    ['x'.repeat(4_000), 'There is no service `xxx'],
    [`shop;touch ${TRACE}`, 'There is no service'],
    [`$(touch ${TRACE})`, 'There is no service'],
    [`shop\` | touch ${TRACE}`, 'There is no service'],
    ['--inventory=/etc/passwd', 'There is no service'],
    ['../../etc/passwd', 'There is no service'],
    ['<!channel> <@U0BEN>', 'There is no service'],
    ["shop'; drop table run; --", 'There is no service'],
    ['\u0000\u202eshop', 'There is no service'],
  ])('%.40s', async (text, words) => {
    const answer = await answerTo(text);
    expect(answer).toContain(words);
    expect(answer).not.toMatch(/<!channel>|<@U0BEN>/);
    expect(answer.length).toBeLessThan(3_000);
    expect(bench.headlines()).toEqual([]);
    expect(existsSync(TRACE)).toBe(false);
  });
});

describe('/diag503 alone', () => {
  it('lets the person pick, and the choice starts the run', async () => {
    expect(await answerTo('')).toContain('Which service?');
    const picker = bench.slack.control.messages(CHANNEL, ANA).at(-1);
    await bench.slack.control.press({
      user: ANA,
      channel: CHANNEL,
      ts: picker?.ts ?? '',
      actionId: 'pick-service',
      value: 'shop',
    });
    await bench.untilVerdicts(1, 'shop');
    expect(bench.told(ANA).at(-1)).toContain('Looking at *shop*');
    expect(bench.headlines()).toHaveLength(1);
  });
});

describe('after a run', () => {
  it('status says the last answer without looking again', async () => {
    const asked = bench.headlines().length;
    expect(await answerTo('status shop')).toContain('dependency failing');
    expect(bench.headlines()).toHaveLength(asked);
    expect(bench.cards()).toHaveLength(1);
  });

  it('a guest is told that guests may not ask, and nothing starts', async () => {
    await bench.command('shop', 'U0GUEST');
    await until('the guest is told', () => bench.told('U0GUEST').length > 0);
    expect(bench.told('U0GUEST')[0]).toContain('guests of the workspace may not use it');
    expect(bench.cards()).toHaveLength(1);
  });

  it('a healed service ends the incident: the next question has a thread of its own', async () => {
    await bench.shop.heal();
    await bench.command('shop', BEN);
    await bench.untilVerdicts(2, 'shop');
    await until('the headline says healthy', () => bench.headlines()[0]?.text.includes('healthy'));
    await bench.command('shop', BEN);
    await bench.untilVerdicts(3, 'shop');
    expect(bench.headlines()).toHaveLength(2);
  });
});
