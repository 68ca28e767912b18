import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planDigest } from '../../src/model/plan.js';
import type { Outcome } from '../../src/model/remediation.js';
import { type Database, openDatabase } from '../../src/store/database.js';
import type { RunningPostgres } from '../../src/store/embedded-postgres.js';
import { migrateDatabase } from '../../src/store/migrate.js';
import type { BreakGlass } from '../../src/store/break-glass.js';
import type { RemediationAsk } from '../../src/store/request-remediation.js';
import { createStore, type Store } from '../../src/store/store.js';
import { plan } from '../helpers/plan.js';
import { runDocument } from '../helpers/run-document.js';
import { until } from '../helpers/until.js';
import { startTestPostgres } from '../servers/embedded.js';

let postgres: RunningPostgres;
let database: Database;
let store: Store;

beforeAll(async () => {
  postgres = await startTestPostgres();
  await migrateDatabase(postgres.url);
  database = openDatabase(postgres.url);
  store = createStore(database);
});
afterAll(async () => {
  expect(await store.audit.verify()).toBeNull(); // whatever the tests above did
  await database.close();
  await postgres.stop();
});

const TIMES = { notAfterMs: 30_000, leaseMs: 20_000 };
const done: Outcome = { effect: 'done', words: 'done', steps: [], figures: [], howToCheck: null };
let services = 0;

/** A finished run whose card has one button, or several. */
async function offered({ approvals = 0, breakGlass = false, count = 1, service = `api-${++services}` } = {}) {
  const { run } = await store.runs.accept({
    service,
    channel: 'C0OPS',
    origin: { kind: 'slash', user: 'U0ANA' },
  });
  await store.runs.start(run.id);
  const offers = Array.from({ length: count }, () => ({
    plan: plan(),
    approvalsNeeded: approvals,
    breakGlass,
  }));
  await store.runs.finish(run.id, { document: runDocument(), readings: [], offers });
  const all = await store.remediations.ofRun(run.id);
  return { run, service, all, id: all[0]!.id };
}
const ask = (id: string, fields: Partial<RemediationAsk> = {}): RemediationAsk => ({
  id,
  user: 'U0ANA',
  role: 'operator',
  channel: 'C0OPS',
  limits: { coolDownMinutes: 10, perDay: 3 },
  serviceDigest: plan().serviceDigest,
  ...fields,
});
const yes = (id: string, user: string, digest = planDigest(plan())) =>
  store.remediations.answer({ id, user, role: 'lead', answer: 'approved', planDigest: digest });
const events = async (id: string) =>
  (await store.audit.after(0)).filter((row) => row.remediationId === id).map(({ event }) => event);
const age = (id: string, column: string, seconds: number) =>
  database.query(
    `UPDATE diag503.remediation SET ${column} = ${column} - make_interval(secs => $2) WHERE id = $1`,
    [id, seconds],
  );

describe('a press', () => {
  it('counts once of 50 at the same moment; the others learn that somebody was first', async () => {
    const { id } = await offered();
    const people = Array.from({ length: 50 }, (_, index) => `U0P${index % 10}`);
    const answers = await Promise.all(people.map((user) => store.remediations.request(ask(id, { user }))));
    expect(answers.filter(({ kind }) => kind === 'requested')).toHaveLength(1);
    expect(answers.filter(({ kind }) => kind === 'gone')).toHaveLength(49);
    expect(await events(id)).toHaveLength(50);
  });

  it('is signed in the same moment, so that it is begun also when the bot goes away right after it', async () => {
    const sign = ({ id }: { id: string }): string => `signed ${id}`;
    const { id } = await offered();
    await store.remediations.request(ask(id, { sign }));
    await age(id, 'ready_at', 10);
    expect((await store.remediations.sweep()).jobs).toContainEqual(
      expect.objectContaining({ id, mac: `signed ${id}` }),
    );
    const waiting = await offered({ approvals: 1 });
    await store.remediations.request(ask(waiting.id, { sign }));
    expect(await store.remediations.get(waiting.id)).toMatchObject({ mac: null });
    const { user, role, answer } = { user: 'U0BEN', role: 'lead', answer: 'approved' as const };
    await store.remediations.answer({
      ...{ id: waiting.id, user, role, answer, planDigest: planDigest(plan()), sign },
    });
    expect(await store.remediations.get(waiting.id)).toMatchObject({ mac: `signed ${waiting.id}` });
  });

  it('is too late after ten minutes, and the button goes', async () => {
    const { id, run } = await offered();
    await age(id, 'expires_at', 601);
    expect(await store.remediations.request(ask(id))).toMatchObject({ kind: 'expired' });
    const card = await database.query(
      `SELECT id, revision FROM diag503.message WHERE run_id = $1 AND kind = 'verdict'`,
      [run.id],
    );
    const { messages } = await store.remediations.sweep();
    expect(messages).toContainEqual({ id: card[0]!['id'], revision: Number(card[0]!['revision']) + 1 });
    expect(await store.remediations.get(id)).toMatchObject({ state: 'expired' });
    expect(await events(id)).toEqual(['refused']);
  });

  it('waits for the other one of its service, and not for those of others', async () => {
    const { all } = await offered({ count: 2 });
    const other = await offered();
    expect(await store.remediations.request(ask(all[0]!.id))).toMatchObject({ kind: 'requested' });
    expect(await store.remediations.request(ask(all[1]!.id))).toMatchObject({
      kind: 'busy',
      other: { id: all[0]!.id },
    });
    expect(await store.remediations.request(ask(other.id))).toMatchObject({ kind: 'requested' });
  });

  it('is refused when the inventory was edited since the verdict', async () => {
    const { id } = await offered();
    expect(await store.remediations.request(ask(id, { serviceDigest: 'f'.repeat(64) }))).toMatchObject({
      kind: 'edited',
    });
  });

  it('has to wait after the one before it', async () => {
    const { service, id } = await offered();
    await store.remediations.request(ask(id));
    await store.remediations.start(id, TIMES);
    await store.remediations.applied(id, done);
    await store.remediations.conclude(id, { state: 'ineffective', outcome: done });
    const next = await offered({ service });
    expect(await store.remediations.request(ask(next.id))).toMatchObject({ kind: 'limited' });
    expect(await events(next.id)).toEqual(['refused']);
  });

  it('is of the newest verdict: an older one has no buttons any more', async () => {
    const { service, id } = await offered();
    await offered({ service });
    expect(await store.remediations.request(ask(id))).toMatchObject({ kind: 'expired' });
  });
});

describe('what was drained', () => {
  it('goes back as soon as possible where a restart has left it out', async () => {
    const { id } = await offered();
    await store.remediations.request(ask(id));
    await store.remediations.start(id, TIMES);
    await store.remediations.conclude(id, { state: 'failed', outcome: { ...done, drained: ['api-1'] } });
    expect((await store.remediations.sweep()).jobs.map((job) => job.id)).toContain(id);
    expect(await store.remediations.restored(id, 'api-1 was put back')).not.toBeNull();
    expect((await store.remediations.sweep()).jobs.map((job) => job.id)).not.toContain(id);
    expect(await events(id)).toEqual(['requested', 'started', 'failed', 'restored']);
  });
});

describe('approval by a second person', () => {
  it('is needed before it begins', async () => {
    const { id } = await offered({ approvals: 2 });
    await store.remediations.request(ask(id));
    expect(await store.remediations.start(id, TIMES)).toBeNull();
    expect(await yes(id, 'U0BEN')).toMatchObject({ kind: 'waiting' });
    expect(await store.remediations.start(id, TIMES)).toBeNull();
    expect(await yes(id, 'U0CARLA')).toMatchObject({ kind: 'ready', remediation: { state: 'approved' } });
    expect(await store.remediations.start(id, TIMES)).toMatchObject({ remediation: { state: 'running' } });
    expect(await events(id)).toEqual(['requested', 'approved', 'approved', 'started']);
  });

  it('is not given by the requester, not twice by one person, not to another plan', async () => {
    const { id } = await offered({ approvals: 2 });
    await store.remediations.request(ask(id));
    expect(await yes(id, 'U0ANA')).toMatchObject({ kind: 'own-request' });
    expect(await yes(id, 'U0BEN', 'f'.repeat(64))).toMatchObject({ kind: 'other-plan' });
    expect(await yes(id, 'U0BEN')).toMatchObject({ kind: 'waiting' });
    expect(await yes(id, 'U0BEN')).toMatchObject({ kind: 'second-answer' });
    expect(await store.remediations.approvalsOf(id)).toHaveLength(1);
  });

  it('counts once of 20 at the same moment by the same person', async () => {
    const { id } = await offered({ approvals: 2 });
    await store.remediations.request(ask(id));
    const answers = await Promise.all(Array.from({ length: 20 }, () => yes(id, 'U0BEN')));
    expect(answers.filter(({ kind }) => kind === 'waiting')).toHaveLength(1);
    expect(answers.filter(({ kind }) => kind === 'second-answer')).toHaveLength(19);
  });

  it('ends with the first no, and a later yes does not revive it', async () => {
    const { id } = await offered({ approvals: 1 });
    await store.remediations.request(ask(id));
    const no = { id, user: 'U0BEN', role: 'lead', answer: 'denied', planDigest: planDigest(plan()) } as const;
    expect(await store.remediations.answer(no)).toMatchObject({
      kind: 'denied',
      remediation: { state: 'refused' },
    });
    expect(await yes(id, 'U0CARLA')).toMatchObject({ kind: 'over' });
    expect(await store.remediations.start(id, TIMES)).toBeNull();
  });

  it('comes too late after 15 minutes', async () => {
    const { id } = await offered({ approvals: 1 });
    await store.remediations.request(ask(id));
    await age(id, 'requested_at', 901);
    expect(await yes(id, 'U0BEN')).toMatchObject({ kind: 'over' });
    await store.remediations.sweep();
    expect(await store.remediations.get(id)).toMatchObject({ state: 'expired' });
  });

  describe('that nobody gives', () => {
    const glass = (id: string, fields: Partial<BreakGlass> = {}) =>
      store.remediations.breakGlass({
        ...{ id, user: 'U0BEN', role: 'operator', channel: 'C0OPS', reason: 'the others sleep' },
        planDigest: planDigest(plan()),
        ...fields,
      });
    const waiting = async (breakGlass = true) => {
      const { id } = await offered({ approvals: 1, breakGlass });
      await store.remediations.request(ask(id));
      return id;
    };

    it('is not waited for with break-glass: in the name of whoever wrote the reason', async () => {
      const id = await waiting();
      const answers = await Promise.all(Array.from({ length: 10 }, () => glass(id)));
      expect(answers.filter(({ kind }) => kind === 'ready')).toHaveLength(1);
      expect(await store.remediations.start(id, TIMES)).toMatchObject({
        remediation: { reason: 'the others sleep', requestedBy: 'U0BEN' },
      });
      const rows = (await store.audit.after(0)).filter((row) => row.remediationId === id);
      expect(rows.map(({ event }) => event).filter((event) => event !== 'refused')).toEqual([
        ...['requested', 'break-glass', 'started'],
      ]);
      expect(rows.find(({ event }) => event === 'break-glass')?.detail).toContain('"askedBy":"U0ANA"');
    });

    it('stays needed where the inventory has no break-glass, for another plan, and when it is too late', async () => {
      const strict = await waiting(false);
      expect(await glass(strict)).toMatchObject({ kind: 'over' });
      const id = await waiting();
      expect(await glass(id, { planDigest: 'x' })).toMatchObject({ kind: 'over' });
      await age(id, 'requested_at', 901);
      expect(await glass(id)).toMatchObject({ kind: 'over' });
      expect(await glass('7d0c9d52-8a41-4f6e-9d7c-2b1e5a6f7c99')).toEqual({ kind: 'unheard-of' });
      expect(await events(id)).toEqual(['requested', 'refused', 'refused']);
    });
  });
});

describe('a worker', () => {
  const requested = async () => {
    const { id } = await offered();
    await store.remediations.request(ask(id));
    return id;
  };

  it('is one of 20 that begin it at the same moment', async () => {
    const id = await requested();
    const starts = await Promise.all(Array.from({ length: 20 }, () => store.remediations.start(id, TIMES)));
    expect(starts.filter((each) => each !== null)).toHaveLength(1);
  });

  it('that goes away leaves it unknown, and nobody begins it again', async () => {
    const id = await requested();
    await store.remediations.start(id, TIMES);
    await age(id, 'leased_until', 30);
    const { jobs } = await store.remediations.sweep();
    expect(jobs.map((job) => job.id)).toContain(id);
    expect(await store.remediations.get(id)).toMatchObject({ state: 'unknown' });
    expect(await store.remediations.start(id, TIMES)).toBeNull();
    expect(await store.remediations.applied(id, done)).toEqual([]);
    expect(await store.remediations.reconciled(id, done)).toMatchObject({ remediation: { outcome: done } });
    expect(await store.remediations.conclude(id, { state: 'verified', outcome: done })).not.toBeNull();
    expect(await events(id)).toEqual(['requested', 'started', 'unknown', 'reconciled', 'verified']);
  });

  it('that goes away for good leaves the service free for the next one', async () => {
    const { id, service } = await offered();
    await store.remediations.request(ask(id));
    await store.remediations.start(id, TIMES);
    await age(id, 'leased_until', 30);
    await store.remediations.sweep();
    const next = await offered({ service });
    const far = { limits: { coolDownMinutes: 0, perDay: 9 } };
    expect(await store.remediations.request(ask(next.id, far))).toMatchObject({ kind: 'busy' });
    await store.remediations.reconciled(id, { ...done, effect: 'unknown' });
    expect(await store.remediations.request(ask(next.id, far))).toMatchObject({ kind: 'requested' });
  });

  it('is not kept from the others by one row that nobody can read', async () => {
    const [bad, good] = [await requested(), await requested()];
    for (const id of [bad, good]) await age(id, 'ready_at', 10);
    await database.query(`UPDATE diag503.remediation SET plan = '{}' WHERE id = $1`, [bad]);
    expect((await store.remediations.sweep()).jobs.map((job) => job.id)).toContain(good);
    await database.query('DELETE FROM diag503.remediation WHERE id = $1', [bad]);
  });

  it('that recorded the effect and went away is followed by a verification, not by another effect', async () => {
    const id = await requested();
    await store.remediations.start(id, TIMES);
    await store.remediations.applied(id, done);
    await age(id, 'leased_until', 30);
    const { jobs } = await store.remediations.sweep();
    expect(jobs.find((job) => job.id === id)).toMatchObject({ state: 'running', outcome: done });
  });

  it('that nobody was does nothing after a minute', async () => {
    const id = await requested();
    await age(id, 'ready_at', 61);
    expect(await store.remediations.start(id, TIMES)).toBeNull(); // also before the sweeper comes by
    expect((await store.remediations.sweep()).messages).not.toEqual([]);
    expect(await store.remediations.get(id)).toMatchObject({ state: 'expired' });
    expect(await store.remediations.start(id, TIMES)).toBeNull();
  });
});

describe('the audit', () => {
  it('does not wait for a process that stands still in the middle of a change', async () => {
    let goOn = (): void => undefined;
    const stoodStill = new Promise<void>((resolve) => (goOn = resolve));
    const standing = database.transaction(async (query) => {
      await query('SELECT FROM diag503.audit_head FOR UPDATE');
      await stoodStill;
    });
    const { id } = await offered();
    const request = (): Promise<boolean> =>
      store.remediations.request(ask(id)).then(
        ({ kind }) => kind === 'requested',
        () => false,
      );
    expect(await request()).toBe(false); // the end of the audit is locked
    await until('its locks are taken away', request);
    goOn();
    await expect(standing).rejects.toThrow();
    expect(await events(id)).toEqual(['requested']);
  }, 30_000);

  it('cannot be changed, shortened or emptied', async () => {
    await offered();
    for (const statement of [
      `UPDATE diag503.audit SET actor = 'U0EVIL'`,
      'DELETE FROM diag503.audit WHERE seq = 1',
      'TRUNCATE diag503.audit',
    ])
      await expect(database.query(statement)).rejects.toThrow('the audit only grows');
  });

  it('without its row nothing happens', async () => {
    const { id } = await offered();
    await database.query(`ALTER TABLE diag503.audit ADD CONSTRAINT full_disk CHECK (actor <> 'U0FULL')`);
    await expect(store.remediations.request(ask(id, { user: 'U0FULL' }))).rejects.toThrow('full_disk');
    await database.query('ALTER TABLE diag503.audit DROP CONSTRAINT full_disk');
    expect(await store.remediations.get(id)).toMatchObject({ state: 'offered', requestedBy: null });
  });

  it('finds what somebody with all rights did to it', async () => {
    await store.audit.append({
      event: 'refused',
      service: 'api',
      remediationId: null,
      actor: 'U0ANA',
      detail: { note: 'bytes \u0000 and \ud800' },
    });
    const noted = await store.audit.head();
    expect(await store.audit.verify(noted)).toBeNull();
    const evil = async (statement: string) => {
      await database.query('ALTER TABLE diag503.audit DISABLE TRIGGER audit_only_grows');
      await database.query(statement);
      await database.query('ALTER TABLE diag503.audit ENABLE TRIGGER audit_only_grows');
    };
    await evil(`UPDATE diag503.audit SET actor = actor || ' ' WHERE seq = 2`);
    expect(await store.audit.verify()).toMatchObject({ seq: 2 });
    await evil(`UPDATE diag503.audit SET actor = trim(actor) WHERE seq = 2`);
    await evil('CREATE TABLE cut AS SELECT * FROM diag503.audit ORDER BY seq DESC LIMIT 1');
    await evil(`DELETE FROM diag503.audit WHERE seq = ${noted.seq}`);
    expect(await store.audit.verify()).toMatchObject({ seq: noted.seq });
    await evil('INSERT INTO diag503.audit SELECT * FROM cut');
    expect(await store.audit.verify()).toBeNull();
  });
});
