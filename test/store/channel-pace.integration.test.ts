import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { awaitTurn } from '../../src/store/channel-pace.js';
import { type Backbone, openTestBackbone } from '../helpers/backbone.js';

let backbone: Backbone;
beforeAll(async () => {
  backbone = await openTestBackbone('PostgreSQL');
});
afterAll(() => backbone.close());

const turn = (channel: string, ts: string | null = null): Promise<number> =>
  awaitTurn(backbone.database.query, { channel, ts });

it('gives a channel three messages at once, then one a second, whoever asks', async () => {
  const turns = await Promise.all(Array.from({ length: 10 }, () => turn('C1')));
  expect(turns.filter((ms) => ms === 0)).toHaveLength(3);
  const waits = turns.filter((ms) => ms > 0);
  expect(Math.max(...waits)).toBeLessThanOrEqual(1_000);
  await sleep(Math.max(...waits) + 50);
  expect(await turn('C1')).toBe(0);
  expect(await turn('C1')).toBeGreaterThan(0);
});

it('counts edits apart from new messages, and channels apart from each other', async () => {
  for (let index = 0; index < 3; index += 1) expect(await turn('C2')).toBe(0);
  expect(await turn('C2')).toBeGreaterThan(0);
  expect(await turn('C2', '1.2')).toBe(0);
  expect(await turn('C3')).toBe(0);
});
