import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../helpers/until.js';
import { type Bench, CHANNEL, openBench, service, wordsOf } from './bench.js';
import type { Product } from './product.js';

const TOKEN = 'an-alert-token-of-forty-characters-in-all';

/** The product as it is started, and a sender that does what a cron job with curl would do. */
describe('an alert posted to the bot', () => {
  let bench: Bench;
  let product: Product;
  beforeAll(async () => {
    bench = await openBench({
      inventory: (shop) => `services:\n${service('shop', shop)}\n    channel: ${CHANNEL}\n`,
      env: { DIAG503_ALERTS_GENERIC_TOKEN: TOKEN },
    });
    product = await bench.startListening('start');
  });
  afterAll(() => bench.close());

  const startsAt = new Date(Date.now() - 60_000).toISOString();
  const post = (fields: object, token = TOKEN): Promise<Response> => {
    const port = /"port":(\d+)/.exec(product.output())?.[1] ?? '';
    const alert = { fingerprint: 'shop-503', title: 'shop answers 503', severity: 'critical', startsAt };
    return fetch(`http://127.0.0.1:${port}/alerts/generic`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ ...alert, labels: { service: 'shop' }, ...fields }),
    });
  };

  it('is refused without the token, and nobody hears of it', async () => {
    expect((await post({ status: 'firing' }, 'x'.repeat(40))).status).toBe(401);
    expect(bench.headlines()).toEqual([]);
  });

  it('has its thread with the verdict, and the same alert again only counts', async () => {
    const labels = { service: 'shop', target: 'https://probe:hunter2secret@shop.example/' };
    expect((await post({ status: 'firing', labels, title: `${labels.target} answers 503` })).status).toBe(
      200,
    );
    await bench.untilVerdicts(1, 'shop');
    expect(bench.headlines().map(wordsOf).join()).not.toContain('hunter2secret');
    expect((await post({ status: 'firing', fingerprint: 'shop-slow' })).status).toBe(200);
    await until('the headline counts both', () => /2 alerts firing/.test(wordsOf(bench.headlines()[0]!)));
    expect(bench.headlines()).toHaveLength(1);
    expect(bench.cards()).toHaveLength(1);
  });

  it('is over when it resolves, and the headline says so', async () => {
    await bench.shop.heal();
    const endsAt = new Date().toISOString();
    for (const fingerprint of ['shop-503', 'shop-slow'])
      expect((await post({ status: 'resolved', fingerprint, endsAt })).status).toBe(200);
    await until(
      'the headline is rewritten',
      () => /back after|resolved/.test(bench.headlines()[0]!.text),
      30_000,
    );
    console.log(bench.headlines()[0]!.text);
    expect(bench.headlines()).toHaveLength(1);
  });
});
