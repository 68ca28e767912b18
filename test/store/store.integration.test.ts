import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reading } from '../../src/model/reading.js';
import { type Database, openDatabase } from '../../src/store/database.js';
import type { RunningPostgres } from '../../src/store/embedded-postgres.js';
import { migrateDatabase } from '../../src/store/migrate.js';
import type { Ask } from '../../src/store/runs.js';
import { createStore, type Store } from '../../src/store/store.js';
import { runDocument } from '../helpers/run-document.js';
import { startTestPostgres } from '../servers/embedded.js';

let postgres: RunningPostgres;
let database: Database;
let store: Store;

beforeAll(async () => {
  postgres = await startTestPostgres();
  await Promise.all([1, 2, 3, 4].map(() => migrateDatabase(postgres.url))); // processes that start at once
  database = openDatabase(postgres.url);
  store = createStore(database);
});
afterAll(async () => {
  await database.close();
  await postgres.stop();
});

let services = 0;
const freshService = (): string => `api-${++services}`;
const ask = (service: string, fields: Partial<Ask> = {}): Ask => ({
  service,
  channel: 'C0OPS',
  origin: { kind: 'slash', user: 'U0ANA' },
  ...fields,
});
const healthy = () =>
  runDocument({ verdict: { ...runDocument().verdict, status: 'healthy', cause: null, confidence: null } });
const reading: Reading = {
  status: 'read',
  probe: 'memory',
  target: { kind: 'host', name: 'api-1' },
  via: 'api-1',
  source: 'cat /proc/meminfo',
  at: '2026-11-22T02:53:07.000Z',
  durationMs: 3,
  fact: { line: 'hostile \u0000 and \ud800 bytes', free: 12 },
};

/** A run that is through, so that the next request starts another one. */
async function finished(service: string, fields: Partial<Ask> = {}, document = runDocument()) {
  const { run, incident } = await store.runs.accept(ask(service, fields));
  await store.runs.start(run.id);
  const messages = await store.runs.finish(run.id, { document, readings: [reading] });
  return { run, incident, messages };
}

describe('accepting a request', () => {
  it('starts one run for 50 requests at the same moment, and the others join it', async () => {
    const service = freshService();
    const answers = await Promise.all(Array.from({ length: 50 }, () => store.runs.accept(ask(service))));
    expect(answers.filter(({ kind }) => kind === 'started')).toHaveLength(1);
    expect(new Set(answers.map(({ run }) => run.id)).size).toBe(1);
    expect(new Set(answers.map(({ incident }) => incident.id)).size).toBe(1);
    expect(new Set(answers.map(({ headline }) => headline.id)).size).toBe(1);
  });

  it('keeps services apart', async () => {
    const answers = await Promise.all([freshService(), freshService()].map((s) => store.runs.accept(ask(s))));
    expect(answers.map(({ kind }) => kind)).toEqual(['started', 'started']);
  });

  it('goes on in the thread of the open incident', async () => {
    const service = freshService();
    const first = await finished(service);
    const second = await store.runs.accept(ask(service, { channel: 'C0OTHER' }));
    expect(second).toMatchObject({ kind: 'started', incident: { id: first.incident.id, channel: 'C0OPS' } });
    expect(second.headline.runId).toBe(second.run.id);
  });

  it('opens a new incident when nothing was asked about the open one for four hours', async () => {
    const service = freshService();
    const { incident } = await finished(service);
    await database.query(
      `UPDATE diag503.run SET requested_at = requested_at - interval '241 minutes' WHERE incident_id = $1`,
      [incident.id],
    );
    await database.query(
      `UPDATE diag503.incident SET opened_at = opened_at - interval '241 minutes' WHERE id = $1`,
      [incident.id],
    );
    const next = await store.runs.accept(ask(service));
    expect(next.incident.id).not.toBe(incident.id);
    expect((await store.incidents.get(incident.id))?.closedAt).not.toBeNull();
  });

  it('reopens the incident whose button was pressed', async () => {
    const service = freshService();
    const { incident } = await finished(service, {}, healthy());
    expect((await store.incidents.get(incident.id))?.closedAt).not.toBeNull();
    const again = await store.runs.accept(ask(service, { incidentId: incident.id }));
    expect(again.incident).toEqual({ ...incident, closedAt: null });
  });

  it('does not reopen an incident while another one of the service is open', async () => {
    const service = freshService();
    const old = await finished(service, {}, healthy());
    const open = await finished(service);
    const again = await store.runs.accept(ask(service, { incidentId: old.incident.id }));
    expect(again.incident.id).toBe(open.incident.id);
  });

  it('never reopens an incident of another service', async () => {
    const { incident } = await finished(freshService(), {}, healthy());
    const service = freshService();
    const other = await store.runs.accept(ask(service, { incidentId: incident.id }));
    expect(other.incident).toMatchObject({ service });
    expect(other.incident.id).not.toBe(incident.id);
  });
});

describe('taking a request back', () => {
  it('leaves nothing to run, to post or to join', async () => {
    const service = freshService();
    const { run, incident } = await store.runs.accept(ask(service));
    expect(await store.runs.refuse(run.id)).toBe(true);
    expect((await store.runs.get(run.id))?.state).toBe('refused');
    expect(await store.runs.start(run.id)).toBeNull();
    expect(await store.runs.latest(service)).toBeNull();
    expect((await store.messages.unposted()).filter((m) => m.incidentId === incident.id)).toEqual([]);
    expect((await store.incidents.get(incident.id))?.closedAt).not.toBeNull();
    expect((await store.runs.accept(ask(service))).kind).toBe('started');
  });

  it('shows the run before it in the headline again', async () => {
    const service = freshService();
    const first = await finished(service);
    const second = await store.runs.accept(ask(service));
    await store.runs.refuse(second.run.id);
    expect((await store.messages.headlineOf(first.incident.id))?.runId).toBe(first.run.id);
    expect((await store.incidents.get(first.incident.id))?.closedAt).toBeNull();
  });

  it('is too late once the job is on the queue, and the queue too late once it is taken back', async () => {
    const queued = await store.runs.accept(ask(freshService()));
    expect(await store.runs.confirm(queued.run.id)).toBe(true);
    expect(await store.runs.refuse(queued.run.id)).toBe(false);

    const refused = await store.runs.accept(ask(freshService()));
    await store.runs.refuse(refused.run.id);
    expect(await store.runs.confirm(refused.run.id)).toBe(false);
  });
});

describe('a run', () => {
  it('keeps its document, readings and findings, whatever bytes they hold', async () => {
    const { run } = await finished(freshService());
    expect(await store.runs.get(run.id)).toMatchObject({ state: 'finished', document: runDocument() });
    expect(await store.readings.of(run.id)).toEqual([reading]);
    expect(await store.findings.of(run.id)).toEqual(runDocument().findings);
  });

  it('finishes once: the second time changes nothing and answers what is still to be posted', async () => {
    const { run, incident, messages } = await finished(freshService());
    const again = await store.runs.finish(run.id, { document: healthy(), readings: [reading, reading] });
    expect(again).toEqual(messages);
    expect(await store.readings.of(run.id)).toHaveLength(1);
    expect((await store.incidents.get(incident.id))?.closedAt).toBeNull();
  });

  it('posts headline, verdict, and the evidence as a file only when it is long', async () => {
    const short = await finished(freshService());
    expect(await kinds(short.messages)).toEqual(['headline', 'verdict']);
    const [finding] = runDocument().findings;
    const long = finding!.evidence.map((evidence) => ({ ...evidence, excerpt: 'x'.repeat(3_000) }));
    const document = runDocument({ findings: [{ ...finding!, evidence: long }] });
    expect(await kinds((await finished(freshService(), {}, document)).messages)).toEqual([
      'headline',
      'verdict',
      'evidence',
    ]);
  });

  it('shows progress only while it runs', async () => {
    const { run, headline } = await store.runs.accept(ask(freshService()));
    const progress = { hosts: 3, done: 9, total: 14 };
    expect(await store.runs.setProgress(run.id, progress)).toEqual([]);
    await store.runs.start(run.id);
    expect(await store.runs.setProgress(run.id, progress)).toEqual([{ id: headline.id, revision: 1 }]);
    expect((await store.runs.get(run.id))?.progress).toEqual(progress);
    await store.runs.fail(run.id, 'three attempts failed');
    expect(await store.runs.setProgress(run.id, progress)).toEqual([]);
    expect(await store.runs.get(run.id)).toMatchObject({ state: 'failed', error: 'three attempts failed' });
  });

  const kinds = async (messages: { id: string }[]) =>
    Promise.all(messages.map(async ({ id }) => (await store.messages.get(id))?.kind));
});

describe('the outbox', () => {
  it('gives a message to one of 20 senders at a time', async () => {
    const { headline } = await store.runs.accept(ask(freshService()));
    const claims = await Promise.all(
      Array.from({ length: 20 }, () => store.messages.claim(headline.id, 5_000)),
    );
    expect(claims.filter(({ kind }) => kind === 'claimed')).toHaveLength(1);
    expect(claims.filter(({ kind }) => kind === 'busy')).toHaveLength(19);
  });

  it('gives it to the next one when the sender died', async () => {
    const { headline } = await store.runs.accept(ask(freshService()));
    await store.messages.claim(headline.id, 1);
    await sleep(20);
    const next = await store.messages.claim(headline.id, 5_000);
    expect(next).toMatchObject({ kind: 'claimed', message: { attempts: 2 } });
  });

  it('owes nothing for what is posted, and owes it again after a change', async () => {
    const { run, headline } = await store.runs.accept(ask(freshService()));
    await store.messages.claim(headline.id, 5_000);
    await store.messages.markPosted(headline.id, { revision: 0, channel: 'C1', ts: '1.1' });
    expect((await store.messages.claim(headline.id, 5_000)).kind).toBe('nothing');
    await store.runs.fail(run.id, 'it failed');
    expect(await store.messages.unpostedOf(run.id)).toEqual([{ id: headline.id, revision: 1 }]);
    expect((await store.messages.unposted()).map(({ id }) => id)).toContain(headline.id);
  });

  it('keeps the newer revision when a slow sender reports an older one', async () => {
    const { headline } = await store.runs.accept(ask(freshService()));
    await store.messages.markPosted(headline.id, { revision: 3, channel: 'C1', ts: '1.1' });
    const message = await store.messages.markPosted(headline.id, { revision: 1, channel: 'C1', ts: '1.1' });
    expect(message.postedRevision).toBe(3);
  });

  it('leaves a failed message alone until it changes', async () => {
    const { run, headline } = await store.runs.accept(ask(freshService()));
    await store.messages.markFailed(headline.id, 'channel_not_found');
    expect((await store.messages.claim(headline.id, 5_000)).kind).toBe('nothing');
    await store.runs.fail(run.id, 'it failed');
    expect((await store.messages.claim(headline.id, 5_000)).kind).toBe('claimed');
  });
});

describe('a lost connection', () => {
  it('does not end the process, and the next query has a new one', async () => {
    const lost: Error[] = [];
    const own = openDatabase(postgres.url, { max: 2, onError: (error) => lost.push(error) });
    const [row] = await own.query('SELECT pg_backend_pid() AS pid');
    await database.query('SELECT pg_terminate_backend($1)', [row!['pid']]);
    await expect.poll(() => lost.length).toBeGreaterThan(0);
    await own.ping();
    await own.close();
  });

  it('rolls a broken transaction back', async () => {
    const service = freshService();
    const work = database.transaction(async (query) => {
      await query(`INSERT INTO diag503.incident (service, channel) VALUES ($1, 'C1')`, [service]);
      await query('SELECT 1/0');
    });
    await expect(work).rejects.toThrow('division by zero');
    expect(await store.incidents.openOf(service)).toBeNull();
  });
});
