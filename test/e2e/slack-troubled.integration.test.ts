import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultInput } from '../../demo/slack/faults.js';
import { type Bench, openBench, service } from './bench.js';

/** A service for each trouble: so none finds a thread of another. */
const TROUBLES: Record<string, FaultInput[]> = {
  'limits-posts': [{ method: 'chat.postMessage', kind: 'rate-limit', times: 2, retryAfterSeconds: 2 }],
  'limits-edits': [{ method: 'chat.update', kind: 'rate-limit', times: 2, retryAfterSeconds: 2 }],
  'limits-the-card': [{ method: 'chat.postMessage', kind: 'rate-limit', skip: 1, retryAfterSeconds: 3 }],
  'fails-at-posts': [{ method: 'chat.postMessage', kind: 'status', status: 500, times: 3 }],
  'fails-at-edits': [{ method: 'chat.update', kind: 'status', status: 503, times: 3 }],
  'drops-the-headline': [{ method: 'chat.postMessage', kind: 'accept-then-drop' }],
  'drops-the-card': [{ method: 'chat.postMessage', kind: 'accept-then-drop', skip: 1, times: 2 }],
  'drops-edits': [{ method: 'chat.update', kind: 'accept-then-drop', times: 2 }],
  'cuts-posts': [{ method: 'chat.postMessage', kind: 'drop', times: 2 }],
  'has-everything': [
    { method: 'chat.postMessage', kind: 'accept-then-drop' },
    { method: 'chat.postMessage', kind: 'rate-limit', skip: 1 },
    { method: 'chat.update', kind: 'status', status: 500 },
    { method: 'conversations.replies', kind: 'status', status: 502 },
    { method: 'conversations.history', kind: 'rate-limit' },
  ],
};

let bench: Bench;
beforeAll(async () => {
  bench = await openBench({
    inventory: (shop) =>
      `services:\n${Object.keys(TROUBLES)
        .map((name) => service(name, shop, { delayMs: 500 }))
        .join('\n')}\n`,
  });
  await bench.startListening('start');
});
afterAll(() => bench.close());

describe('a Slack that', () => {
  it.each(Object.keys(TROUBLES))('%s has one headline and one verdict in the end', async (name) => {
    for (const fault of TROUBLES[name] ?? []) bench.slack.control.addFault(fault);
    await bench.command(name);
    await bench.untilVerdicts(1, name);
    bench.slack.control.clearFaults();
    expect(bench.headlines(name)).toHaveLength(1);
    expect(bench.cards(name)).toHaveLength(1);
    expect(bench.headlines(name)[0]?.text).toContain('dependency failing');
  });

  it('had trouble sees nothing posted again later', async () => {
    await sleep(2_000);
    const names = Object.keys(TROUBLES);
    expect(bench.headlines()).toHaveLength(names.length);
    expect(bench.cards()).toHaveLength(names.length);
  });
});
