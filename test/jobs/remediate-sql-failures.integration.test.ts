import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ChangeGround, openChangeGround } from '../helpers/change-ground.js';

/**
 * A statement that fails where it hurts most, once: the row of the audit, without which nothing may happen. PostgreSQL
 * itself raises it, by the class that a full disk, a conflict or an administrator raises.
 */
const FAILURES = [
  ['the disk is full', `RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'`],
  ['it conflicts with another one', `RAISE EXCEPTION 'could not serialize' USING ERRCODE = '40001'`],
  ['a deadlock is ended', `RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'`],
  ['it takes too long', `RAISE EXCEPTION 'canceling statement' USING ERRCODE = '57014'`],
  ['its connection is lost', `PERFORM pg_terminate_backend(pg_backend_pid())`],
] as const;

let ground: ChangeGround;
beforeAll(async () => {
  ground = await openChangeGround();
});
afterAll(async () => {
  expect(await ground.backbone.store.audit.verify()).toBeNull();
  await ground.close();
});
beforeEach(() => ground.begin());
const heal = () => ground.backbone.database.query('DROP TRIGGER IF EXISTS fails ON diag503.audit');
afterEach(heal);

/** Every row of the audit about this event fails, until it is healed. */
async function failAt(event: string, how: string): Promise<void> {
  const { query } = ground.backbone.database;
  await query(
    `CREATE OR REPLACE FUNCTION diag503.fails() RETURNS trigger LANGUAGE plpgsql AS $body$
     BEGIN ${how}; RETURN NEW; END $body$`,
  );
  await query(
    `CREATE TRIGGER fails BEFORE INSERT ON diag503.audit FOR EACH ROW
     WHEN (NEW.event = '${event}') EXECUTE FUNCTION diag503.fails()`,
  );
}

describe.each(FAILURES)('where %s', (_what, how) => {
  it('a press counts for nothing, and the next one counts', async () => {
    const { id, ask, jobs } = await ground.offered();
    await failAt('requested', how);
    await expect(ask()).rejects.toThrow();
    expect(await ground.get(id)).toMatchObject({ state: 'offered', requestedBy: null });
    expect(jobs).toEqual([]);
    await heal();
    expect(await ask()).toMatchObject({ kind: 'requested' });
    expect(await ground.events(id)).toEqual(['requested']);
  });

  it('nothing begins without its row, and its job may come again', async () => {
    const { id, needs, job } = await ground.asked();
    await failAt('started', how);
    await expect(ground.runJob(needs, job)).rejects.toThrow();
    expect(ground.effects()).toBe(0);
    expect(await ground.get(id)).toMatchObject({ state: 'requested', startedAt: null });
    await heal();
    await ground.runJob(needs, job);
    expect(ground.effects()).toBe(1);
    expect(await ground.get(id)).toMatchObject({ state: 'verified' });
  });

  it('what was done and could not be written down is found out, told as done, and not done again', async () => {
    const { id, needs, job } = await ground.asked();
    await failAt('applied', how);
    await expect(ground.runJob(needs, job)).rejects.toThrow();
    expect(ground.effects()).toBe(1);
    expect(await ground.get(id)).toMatchObject({ state: 'running', outcome: null });
    await heal();
    await ground.set(id, 'leased_until = clock_timestamp()');
    await ground.sweep(needs);
    await ground.runJob(needs, job);
    expect(ground.effects()).toBe(1);
    expect(await ground.get(id)).toMatchObject({ state: 'verified', outcome: { effect: 'done' } });
    expect(await ground.events(id)).toEqual(['requested', 'started', 'unknown', 'reconciled', 'verified']);
  });

  it('an end that could not be written down is not told, and is told by whoever takes it up', async () => {
    const { id, needs, job } = await ground.asked();
    await failAt('verified', how);
    await expect(ground.runJob(needs, job)).rejects.toThrow();
    expect(await ground.get(id)).toMatchObject({ state: 'running', finishedAt: null });
    await heal();
    await ground.set(id, 'leased_until = clock_timestamp()');
    await ground.runJob(needs, job);
    expect(ground.effects()).toBe(1);
    expect(await ground.get(id)).toMatchObject({ state: 'verified', outcome: { effect: 'done' } });
  });
});
