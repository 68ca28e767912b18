import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createAlertIntake, SenderIsGone, STORE_WITHIN_MS } from '../../src/queue/alert-intake.js';
import type { Store } from '../../src/store/store.js';
import { delivery } from '../helpers/alert.js';
import { inventoryOf, service } from '../helpers/service.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

type Accept = Store['alerts']['accept'];

/** A database that answers when the test says so; `asked` are the keys of each transaction. */
function slowDatabase() {
  const asked: string[][] = [];
  const answers: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const accept: Accept = (deliveries) => {
    asked.push(deliveries.map(({ key }) => key));
    return new Promise((resolve, reject) => {
      const accepted = { repeated: false, alerts: [] };
      answers.push({
        resolve: () => resolve(deliveries.map(() => ({ accepted, runs: [], messages: [] }))),
        reject,
      });
    });
  };
  const intake = createAlertIntake({
    store: { alerts: { accept } as unknown as Store['alerts'] },
    queues: { enqueueDiagnose: () => Promise.resolve(), enqueuePost: () => Promise.resolve() },
    inventory: inventoryOf(service('shop')),
    settings: { lookAgainMinutes: 15 },
  });
  return { asked, answers, send: (key: string) => intake(delivery('shop', [{}], key)) };
}

it('leaves out what waited for so long that its sender has gone', async () => {
  const { asked, answers, send } = slowDatabase();
  const first = [send('a'), send('b')];
  const late = send('late');
  vi.setSystemTime(Date.now() + STORE_WITHIN_MS);
  const inTime = send('in time');
  for (const { resolve } of answers.splice(0)) resolve();
  await Promise.all(first);
  await expect(late).rejects.toThrow(SenderIsGone);
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  answers[0]?.resolve();
  await inTime;
  expect(asked).toEqual([['a'], ['b'], ['in time']]);
});

it('tries each alone after a failure, but for those whose senders have gone meanwhile', async () => {
  const { asked, answers, send } = slowDatabase();
  const first = [send('a'), send('b')];
  const together = [send('c'), send('d')];
  const [a, b] = answers.splice(0);
  a?.resolve();
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  vi.setSystemTime(Date.now() + STORE_WITHIN_MS);
  answers[0]?.reject(new Error('the database is gone'));
  for (const each of together) await expect(each).rejects.toThrow(SenderIsGone);
  b?.resolve();
  await Promise.all(first);
  expect(asked).toEqual([['a'], ['b'], ['c', 'd']]);
});
