import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onBothBackends } from '../helpers/backbone.js';
import { until } from '../helpers/until.js';
import { BEN, type Bench, CHANNEL, openBench, wordsOf } from './bench.js';

/** What a person waits at most; the rest is for a loaded machine. The measured figures are printed. */
const FIRST_LINE_MS = 3_000;
/** Slack's own limit, less what timestamps of two processes may differ. */
const EDIT_EVERY_MS = 950;

for (const mode of ['socket', 'http'] as const) {
  onBothBackends(`/diag503 by ${mode}, queues`, (queue) => {
    describe('a sick service', () => {
      let bench: Bench;
      beforeAll(async () => {
        bench = await openBench({ mode, queue });
        await bench.startListening('start');
      });
      afterAll(() => bench.close());

      it('is in the channel at once, and its verdict in the thread', async () => {
        const asked = performance.now();
        const passed = (): number => Math.round(performance.now() - asked);
        void bench.command('shop');
        await until('the first line', () => bench.headlines().length > 0);
        const firstLineMs = passed();
        await bench.command('shop', BEN);
        await until('Ben is told', () => bench.told(BEN).length > 0);
        await bench.untilVerdicts(1);
        console.log(`${mode}, ${queue}: first line ${firstLineMs} ms, verdict ${passed()} ms`);

        expect(firstLineMs).toBeLessThan(FIRST_LINE_MS);
        expect(bench.told(BEN)).toEqual([expect.stringContaining('Already looking at *shop*')]);
        const [headline, ...others] = bench.headlines();
        expect(others).toEqual([]);
        expect(headline?.text).toMatch(/\*shop\* answers 503: dependency failing \(confirmed\)/);
        const [card] = bench.cards();
        expect(card?.threadTs).toBe(headline?.ts);
        expect(card && wordsOf(card)).toContain('*Dependency failing*');
        expect(card && wordsOf(card)).toContain('warehouse');
      });

      it('is looked at again in the same thread', async () => {
        const [card] = bench.cards();
        await bench.slack.control.press({
          user: BEN,
          channel: CHANNEL,
          ts: card?.ts ?? '',
          actionId: 'run-again',
        });
        await bench.untilVerdicts(2);
        expect(bench.headlines()).toHaveLength(1);
        expect(bench.cards()).toHaveLength(2);
      });

      it('had its headline edited at most once a second', () => {
        const times = bench.slack.control.calls('chat.update').map(({ at }) => at);
        const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
        expect(times.length).toBeGreaterThan(2);
        expect(Math.min(...gaps)).toBeGreaterThan(EDIT_EVERY_MS);
      });
    });
  });
}
