import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type ChangeGround, openChangeGround } from '../helpers/change-ground.js';
import { type CommitProxy, startCommitProxy } from '../servers/commit-proxy.js';

/** PostgreSQL has committed, and the connection breaks before it says so: who asked takes it for not done. */
let ground: ChangeGround;
let proxy: CommitProxy;
beforeAll(async () => {
  ground = await openChangeGround(async (url) => {
    proxy = await startCommitProxy(url);
    return proxy.url;
  });
});
afterAll(async () => {
  expect(await ground.backbone.store.audit.verify()).toBeNull();
  expect(proxy.lost()).toBe(4);
  await ground.close();
  proxy.close();
});
beforeEach(() => ground.begin());

it('a press that counts though nobody heard so is carried out once, whoever presses again', async () => {
  const { id, needs, ask, jobs } = await ground.offered();
  proxy.loseAnswerOf('requested');
  await expect(ask()).rejects.toThrow();
  expect(jobs).toEqual([]);
  expect(await ask()).not.toMatchObject({ kind: 'requested' });
  await ground.set(id, `ready_at = ready_at - interval '10 s'`);
  await ground.sweep(needs);
  expect(await ground.get(id)).toMatchObject({ state: 'requested' });
  expect(jobs).toHaveLength(1);
});

it('what began though nobody heard so is not done, and the thread says so', async () => {
  const { id, needs, job } = await ground.asked();
  proxy.loseAnswerOf('started');
  await expect(ground.runJob(needs, job)).rejects.toThrow();
  expect(await ground.get(id)).toMatchObject({ state: 'running' });
  await ground.set(id, 'leased_until = clock_timestamp()');
  await ground.sweep(needs);
  await ground.runJob(needs, job);
  expect(ground.effects()).toBe(0);
  expect(await ground.get(id)).toMatchObject({ outcome: { effect: 'not-done' } });
});

it('what was done and recorded though nobody heard so is verified, and not done again', async () => {
  const { id, needs, job } = await ground.asked();
  proxy.loseAnswerOf('applied');
  await expect(ground.runJob(needs, job)).rejects.toThrow();
  await ground.set(id, 'leased_until = clock_timestamp()');
  await ground.sweep(needs);
  await ground.runJob(needs, job);
  expect(ground.effects()).toBe(1);
  expect(await ground.get(id)).toMatchObject({ state: 'verified', outcome: { effect: 'done' } });
});

it('an end that is known though nobody heard so is told once', async () => {
  const { id, needs, job } = await ground.asked();
  proxy.loseAnswerOf('verified');
  await expect(ground.runJob(needs, job)).rejects.toThrow();
  expect(await ground.get(id)).toMatchObject({ state: 'verified', outcome: { effect: 'done' } });
  await ground.runJob(needs, job);
  expect(ground.effects()).toBe(1);
  expect((await ground.events(id)).filter((event) => event === 'verified')).toHaveLength(1);
});
