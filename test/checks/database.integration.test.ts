import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectionsExhausted } from '../../src/checks/connections-exhausted.js';
import { dependencyFailing } from '../../src/checks/dependency-failing.js';
import { dependencyUnreachable } from '../../src/checks/dependency-unreachable.js';
import { idleInTransaction } from '../../src/checks/idle-in-transaction.js';
import { sessionsBlockedByLock } from '../../src/checks/sessions-blocked-by-lock.js';
import type { Reading } from '../../src/model/reading.js';
import type { Service } from '../../src/model/service.js';
import { databaseSessions } from '../../src/probes/database-sessions.js';
import { postgresDependency } from '../../src/probes/postgres-dependency.js';
import type { RunningPostgres } from '../../src/store/embedded-postgres.js';
import { findingOf, outcomeOf, readAll } from '../builders/readings.js';
import { service } from '../helpers/service.js';
import { startTestPostgres } from '../servers/embedded.js';
import { freePort } from '../servers/free-port.js';

const MAX = 15;
/** Two slots for those with pg_use_reserved_connections, three for superusers. */
const RESERVED = 2;
const USABLE = MAX - 3 - RESERVED;

describe('a real PostgreSQL', () => {
  let server: RunningPostgres;
  let port: number;
  let clients: pg.Client[] = [];

  beforeAll(async () => {
    port = await freePort();
    server = await startTestPostgres({
      listen_addresses: '127.0.0.1',
      port,
      max_connections: MAX,
      reserved_connections: RESERVED,
    });
    await asSuperuser(
      'create role app login',
      'create role watcher login',
      'grant pg_monitor to watcher',
      'grant pg_use_reserved_connections to watcher',
      'create role blind login',
      'create role narrow login connection limit 2',
      'create table orders (id int)',
      'grant all on orders to app',
    );
  });
  afterAll(() => server.stop());
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
    clients = [];
  });

  const asSuperuser = async (...statements: string[]): Promise<void> => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  };
  const open = async (count: number, user = 'app', ...statements: string[]): Promise<void> => {
    for (let i = 0; i < count; i += 1) {
      const client = new pg.Client({
        host: '127.0.0.1',
        port,
        user,
        database: 'postgres',
        application_name: 'shop',
      });
      client.on('error', () => undefined);
      await client.connect();
      clients.push(client);
      for (const statement of statements) await client.query(statement);
    }
  };
  const asked = (user: string, options = ''): Service =>
    service('shop', {
      database: {
        kind: 'postgres',
        url: `postgres://${user}:secret@127.0.0.1:${String(port)}/postgres${options}`,
      },
    });
  const look = async (given: Service): Promise<Reading[]> => [
    ...(await readAll(databaseSessions, given)),
    ...(await readAll(postgresDependency, given)),
  ];

  it('counts what is used, without itself', async () => {
    await open(3);
    const given = asked('watcher');
    const readings = await look(given);
    expect(readings[0]).toMatchObject({ status: 'read' });
    expect(outcomeOf(connectionsExhausted, given, readings)).toMatchObject({
      status: 'passed',
      summary: `3 of ${String(USABLE)} usable connections used`,
    });
    expect(outcomeOf(idleInTransaction, given, readings).status).toBe('passed');
    expect(outcomeOf(dependencyFailing, given, readings).status).toBe('passed');
    expect(JSON.stringify(readings)).not.toContain('secret');
  });

  it('takes a login refused for want of slots as the proof', async () => {
    await open(USABLE);
    const given = asked('app');
    const readings = await look(given);
    expect(readings[0]).toMatchObject({ status: 'read', fact: { refused: { code: '53300' } } });
    const finding = findingOf(connectionsExhausted, given, readings);
    expect(finding.confidence).toBe('confirmed');
    expect(finding.evidence[0]?.excerpt).toMatch(/FATAL: remaining connection slots are reserved/);
    expect(outcomeOf(dependencyFailing, given, readings).status).toBe('skipped');
    expect(outcomeOf(dependencyUnreachable, given, readings).status).toBe('passed');
  });

  it.each([
    ['idle', [], 'passed'],
    ['idle in transaction', ['begin', 'select 1'], 'failed'],
  ] as const)('names who holds all slots: %s', async (state, statements, leak) => {
    await open(USABLE, 'app', ...statements);
    const given = asked('watcher');
    const readings = await look(given);
    const finding = findingOf(connectionsExhausted, given, readings);
    expect(finding).toMatchObject({ confidence: 'confirmed' });
    expect(finding.summary).toContain(`${String(USABLE)} of ${String(USABLE)} usable connections are taken`);
    expect(finding.summary).toContain(`by app/shop from 127.0.0.1, ${state}`);
    expect(outcomeOf(idleInTransaction, given, readings).status).toBe(leak);
  });

  it('counts active sessions as such', async () => {
    await open(USABLE);
    const busy = clients.map((client) => client.query('select pg_sleep(3)').catch(() => undefined));
    const given = asked('watcher');
    expect(findingOf(connectionsExhausted, given, await look(given)).summary).toContain('active');
    await Promise.all(busy);
  });

  it('tells a limit of the role from a full server', async () => {
    await open(2, 'narrow');
    const given = asked('narrow');
    expect(outcomeOf(connectionsExhausted, given, await look(given)).status).toBe('unknown');
    const other = asked('watcher');
    expect(findingOf(connectionsExhausted, other, await look(other)).summary).toContain(
      '2 of 2 connections of role narrow',
    );
  });

  it('says which grant would show hidden states', async () => {
    await open(4, 'app', 'begin');
    const given = asked('blind');
    const readings = await look(given);
    expect(outcomeOf(connectionsExhausted, given, readings)).toMatchObject({
      summary: `4 of ${String(USABLE)} usable connections used`,
    });
    expect(outcomeOf(idleInTransaction, given, readings)).toMatchObject({
      status: 'skipped',
      reason: expect.stringContaining('GRANT pg_monitor TO blind') as string,
    });
  });

  it('names the migration at the root of a lock chain', async () => {
    const [alter] = [new pg.Client({ connectionString: server.url, application_name: 'alembic' })];
    await alter.connect();
    clients.push(alter);
    await alter.query('begin');
    await alter.query('alter table orders add column note text');
    await open(6);
    const waiting = clients
      .slice(1)
      .map((client) => client.query('select * from orders').catch(() => undefined));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const given = asked('watcher');
    const finding = findingOf(sessionsBlockedByLock, given, await look(given));
    expect(finding).toMatchObject({ cause: 'deployment', confidence: 'confirmed' });
    expect(finding.summary).toMatch(/6 sessions wait for a lock.*alembic.*alter table orders/);
    expect(finding.evidence[0]?.excerpt.split('\n')[0]).toContain('alembic');
    await alter.query('rollback');
    await Promise.all(waiting);
  });

  it('tells who waits for a lock also to a role that may not see the states of others', async () => {
    await open(1, 'app', 'begin', 'lock table orders');
    await open(4);
    const waiting = clients
      .slice(1)
      .map((client) => client.query('select * from orders').catch(() => undefined));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const given = asked('blind');
    const finding = findingOf(sessionsBlockedByLock, given, await look(given));
    expect(finding).toMatchObject({ cause: 'database-connections', confidence: 'likely' });
    expect(finding.summary).toMatch(
      /4 sessions wait for a lock, our role may not see for how long.*state hidden/,
    );
    await clients[0]?.query('rollback');
    await Promise.all(waiting);
  });

  it('cannot write, whatever it would ask', async () => {
    const given = asked('watcher');
    const [first] = await readAll(databaseSessions, given);
    expect(first).toMatchObject({ status: 'read' });
    const { inPostgres } = await import('../../src/clients/postgres.js');
    const { workerNetwork } = await import('../../src/clients/worker-network.js');
    const url = given.database?.url ?? '';
    const session = await inPostgres(workerNetwork, url, AbortSignal.timeout(3000), (query) =>
      query('create table x ()'),
    );
    expect(session.failure).toMatchObject({ code: '25006' });
  });

  it('does not judge by a database that does not exist: it is the one in our URL', async () => {
    const given = service('shop', {
      database: { kind: 'postgres', url: `postgres://app@127.0.0.1:${String(port)}/nothere` },
    });
    expect(outcomeOf(dependencyFailing, given, await look(given)).status).toBe('unknown');
  });

  it('says that nothing listens', async () => {
    const given = service('shop', {
      database: { kind: 'postgres', url: `postgres://app@127.0.0.1:${String(await freePort())}/postgres` },
    });
    const readings = await look(given);
    expect(findingOf(dependencyUnreachable, given, readings)).toMatchObject({ confidence: 'confirmed' });
    expect(outcomeOf(connectionsExhausted, given, readings).status).toBe('unknown');
  });
});
