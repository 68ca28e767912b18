import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dependencyFailing } from '../../src/checks/dependency-failing.js';
import { dependencySlow } from '../../src/checks/dependency-slow.js';
import { dependencyUnreachable } from '../../src/checks/dependency-unreachable.js';
import { redisDependency } from '../../src/probes/redis-dependency.js';
import { findingOf, outcomeOf, readAll } from '../builders/readings.js';
import { service } from '../helpers/service.js';
import { freePort } from '../servers/free-port.js';
import { startTestRedis, type TestRedis } from '../servers/queue-redis.js';
import { needs } from '../servers/require-server.js';

const using = (url: string) => service('shop', { dependencies: [{ name: 'cache', kind: 'redis', url }] });
const look = (url: string) => readAll(redisDependency, using(url));

describe.skipIf(!needs('redis-server'))('a real Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startTestRedis(['--enable-debug-command', 'yes', '--save', '']);
  });
  afterAll(() => redis.stop());

  it('is well', async () => {
    const readings = await look(redis.url);
    const given = using(redis.url);
    expect(readings[0]).toMatchObject({ status: 'read', fact: { failure: null, rung: 'answer' } });
    expect(outcomeOf(dependencyUnreachable, given, readings).status).toBe('passed');
    expect(outcomeOf(dependencyFailing, given, readings).status).toBe('passed');
    expect(outcomeOf(dependencySlow, given, readings).status).toBe('passed');
  });

  it('says PONG and refuses writes: OOM without eviction', async () => {
    await redis.command('CONFIG', 'SET', 'maxmemory', '1');
    await redis.command('SET', 'a', 'b').catch(() => undefined);
    const finding = findingOf(dependencyFailing, using(redis.url), await look(redis.url));
    await redis.command('CONFIG', 'SET', 'maxmemory', '0');
    expect(finding).toMatchObject({ confidence: 'confirmed', cause: 'dependency' });
    expect(finding.summary).toContain('refuses writes (OOM)');
    expect(finding.evidence[0]?.excerpt).toMatch(/maxmemory_policy:noeviction/);
  });

  it('is a replica that refuses writes', async () => {
    await redis.command('REPLICAOF', '127.0.0.1', String(await freePort()));
    await redis.command('SET', 'a', 'b').catch(() => undefined);
    const finding = findingOf(dependencyFailing, using(redis.url), await look(redis.url));
    await redis.command('REPLICAOF', 'NO', 'ONE');
    expect(finding.summary).toContain('READONLY');
    expect(finding.confidence).toBe('likely');
  });

  it('holds writes back, and answers all else', async () => {
    const [pausing, writer, queue] = [1, 2, 3].map(() => new Redis(redis.url));
    await pausing?.client('PAUSE', 60_000, 'WRITE');
    const waiting = [writer?.set('a', 'b'), queue?.blpop('jobs', 0)].map((each) => each?.catch(() => null));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const finding = findingOf(dependencyFailing, using(redis.url), await look(redis.url));
    await pausing?.client('UNPAUSE');
    await waiting[0];
    const onlyTheQueue = await look(redis.url);
    for (const client of [pausing, writer, queue]) client?.disconnect();
    expect(finding).toMatchObject({ confidence: 'confirmed', cause: 'dependency' });
    expect(finding.summary).toMatch(/1 client in set for up to [12] s/);
    expect(finding.evidence[0]?.excerpt).toMatch(/^CLIENT LIST: 1 with flags=b in cmd=set/);
    expect(outcomeOf(dependencyFailing, using(redis.url), onlyTheQueue).status).toBe('passed');
  });

  it('has no place for another client', async () => {
    const port = Number(new URL(redis.url).port);
    await redis.command('CONFIG', 'SET', 'maxclients', '2');
    await new Promise((resolve) => setTimeout(resolve, 200)); // the command's own connection is gone by then
    const taken = await Promise.all([1, 2].map(() => holdOpen(port)));
    const finding = findingOf(dependencyFailing, using(redis.url), await look(redis.url));
    for (const socket of taken) socket.destroy();
    await redis.command('CONFIG', 'SET', 'maxclients', '100');
    expect(finding).toMatchObject({ confidence: 'confirmed' });
    expect(finding.evidence[0]?.excerpt).toBe('ERR max number of clients reached');
  });

  it('refuses our password: unknown, for the app may have another', async () => {
    await redis.command('CONFIG', 'SET', 'requirepass', 'right');
    const url = redis.url.replace('redis://', 'redis://:wrong@');
    const readings = await look(url);
    const without = await look(redis.url);
    const admin = new Redis(redis.url.replace('redis://', 'redis://:right@'));
    await admin.config('SET', 'requirepass', '');
    admin.disconnect();
    expect(readings[0]).toMatchObject({ fact: { failure: { rung: 'auth', code: 'WRONGPASS' } } });
    expect(outcomeOf(dependencyFailing, using(url), readings).status).toBe('unknown');
    expect(without[0]).toMatchObject({ fact: { failure: { code: 'NOAUTH' } } });
    expect(JSON.stringify(readings)).not.toContain('wrong@');
  });

  it('sleeps: reached, but silent', async () => {
    const sleeping = redis.command('DEBUG', 'SLEEP', '3.5');
    await new Promise((resolve) => setTimeout(resolve, 200));
    const readings = await look(redis.url);
    await sleeping;
    expect(findingOf(dependencySlow, using(redis.url), readings)).toMatchObject({ confidence: 'confirmed' });
    expect(outcomeOf(dependencyFailing, using(redis.url), readings).status).toBe('passed');
  });

  it('is loading its data', async () => {
    await redis.command('DEBUG', 'POPULATE', '20000', 'key', '100');
    await redis.command('CONFIG', 'SET', 'loading-process-events-interval-bytes', '1024');
    await redis.command('CONFIG', 'SET', 'key-load-delay', '200');
    const reload = redis.command('DEBUG', 'RELOAD').catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 700));
    const readings = await look(redis.url);
    await redis.command('CONFIG', 'SET', 'key-load-delay', '0').catch(() => undefined);
    await reload;
    const finding = findingOf(dependencyFailing, using(redis.url), readings);
    expect(finding.confidence).toBe('confirmed');
    expect(finding.summary).toMatch(/loading/i);
  });

  it('is down', async () => {
    await redis.kill();
    const readings = await look(redis.url);
    expect(findingOf(dependencyUnreachable, using(redis.url), readings)).toMatchObject({
      confidence: 'confirmed',
      summary: expect.stringContaining('nothing listens there (tcp)') as string,
      evidence: [{ excerpt: expect.stringContaining('ECONNREFUSED') as string }],
    });
    await redis.start();
  });
});

describe('what calls itself Redis', () => {
  let server: Server;
  afterAll(() => server.close());

  it('is no Redis: a page of HTTP', async () => {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const [reading] = await look(`redis://127.0.0.1:${String(port)}`);
    expect(reading).toMatchObject({ status: 'read', fact: { failure: { rung: 'auth' } } });
  });

  it('has a name that does not exist', async () => {
    const [reading] = await look('redis://no-such-host.invalid:6379');
    expect(reading).toMatchObject({ status: 'read', fact: { rung: 'tcp', failure: { rung: 'dns' } } });
  });
});

const holdOpen = (port: number): Promise<Socket> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('PING\r\n');
      socket.once('data', () => resolve(socket));
    });
    socket.on('error', () => resolve(socket));
  });
