import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { chmod } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memberDownThoughHealthy } from '../../src/checks/member-down-though-healthy.js';
import { frontendFull } from '../../src/checks/frontend-full.js';
import { memberDraining } from '../../src/checks/member-draining.js';
import { memberUnreachable } from '../../src/checks/member-unreachable.js';
import { poolWithoutMembers } from '../../src/checks/pool-without-members.js';
import { wrongUpstream } from '../../src/checks/wrong-upstream.js';
import type { Service } from '../../src/model/service.js';
import type { Reading } from '../../src/model/reading.js';
import { appAnswer } from '../../src/probes/app-answer.js';
import { balancerMembers } from '../../src/probes/balancer-members.js';
import { healthAnswer } from '../../src/probes/health-answer.js';
import { publicAnswer } from '../../src/probes/public-answer.js';
import { findingOf, outcomeOf, readAll } from '../builders/readings.js';
import { service } from '../helpers/service.js';
import { until } from '../helpers/until.js';
import { freePort } from '../servers/free-port.js';
import { startHaproxy, type TestHaproxy } from '../servers/haproxy.js';
import { needs } from '../servers/require-server.js';

/** The socket is said to be on a host, which here is this machine. */
const open = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('GET / HTTP/1.1\r\n'); // and no more: HAProxy waits for the rest
      resolve(socket);
    }).on('error', reject);
  });

describe.skipIf(!needs('haproxy'))('a real HAProxy', () => {
  let app: Server;
  let haproxy: TestHaproxy;
  let port: number;
  let narrow: number;

  beforeAll(async () => {
    app = createServer((request, response) => {
      response.statusCode = request.url === '/gone' ? 404 : 200;
      response.end('fine');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => app.once('listening', resolve));
    port = (app.address() as AddressInfo).port;
    narrow = await freePort();
    haproxy = await startHaproxy(`
backend api
  option httpchk GET /
  server a 127.0.0.1:${String(port)} check
  server b 127.0.0.1:${String(port)} check
backend wrongpath
  option httpchk GET /gone
  server a 127.0.0.1:${String(port)} check
backend stooddown
  option httpchk GET /gone
  http-check disable-on-404
  server a 127.0.0.1:${String(port)} check
backend dead
  server a 127.0.0.1:${String(await freePort())} check
backend elsewhere
  source 192.0.2.77
  server a 127.0.0.1:${String(port)} check
backend manychecks
  option httpchk GET /
  server a 127.0.0.1:${String(port)} check rise 900
backend empty
frontend narrow
  timeout client 30s
  bind 127.0.0.1:${String(narrow)}
  maxconn 2
  default_backend api
`);
    await until('the checks have run', async () => {
      const table = await haproxy.tell('show stat');
      return [
        /wrongpath,a,.*L7STS/,
        /stooddown,a,.*NOLB,/,
        /dead,a,.*L4CON/,
        /elsewhere,a,.*DOWN,.*(?:L4CON|SOCKERR)/,
        /api,b,.*L7OK/,
      ].every((row) => row.test(table));
    });
  });
  afterAll(async () => {
    await haproxy.stop();
    app.close();
  });

  const behind = (pool: string, over: Partial<Service> = {}): Service =>
    service('shop', {
      health: `http://127.0.0.1:${String(port)}/`,
      url: `http://127.0.0.1:${String(haproxy.port)}/`,
      balancer: { kind: 'haproxy', host: 'local', socket: haproxy.socket, pool },
      ...over,
    });
  const look = async (given: Service): Promise<Reading[]> =>
    (
      await Promise.all(
        [balancerMembers, healthAnswer, appAnswer, publicAnswer].map((probe) => readAll(probe, given)),
      )
    ).flat();

  it('has all members up', async () => {
    const given = behind('api');
    const readings = await look(given);
    expect(readings[0]).toMatchObject({
      status: 'read',
      fact: {
        answeredFrom: 'socket',
        members: [{ name: 'a', status: 'UP', checkStatus: 'L7OK' }, { name: 'b' }],
      },
    });
    for (const check of [memberDownThoughHealthy, memberDraining, poolWithoutMembers, wrongUpstream]) {
      expect(outcomeOf(check, given, readings).status, check.id).toBe('passed');
    }
  });

  it('holds a healthy member down for a wrong path', async () => {
    const given = behind('wrongpath');
    const finding = findingOf(memberDownThoughHealthy, given, await look(given), new Date().toISOString());
    expect(finding.summary).toMatch(
      /1 of 1 member held down by the check \(L7STS(?: 404 Not Found)?\).*200 OK/,
    ); // while a check runs, only its class is told
    expect(finding.since).toBeDefined();
  });

  it('gives nothing new to a member whose check gets 404, as configured', async () => {
    const given = behind('stooddown');
    const finding = findingOf(memberDownThoughHealthy, given, await look(given), new Date().toISOString());
    expect(finding).toMatchObject({ cause: 'health-check', confidence: 'likely' });
    expect(finding.summary).toMatch(/^1 of 1 member held down .*disable-on-404.*200 OK/);
  });

  it('is right about a dead member', async () => {
    const given = behind('dead', { health: `http://127.0.0.1:${String(await freePort())}/` });
    expect(outcomeOf(memberDownThoughHealthy, given, await look(given)).status).toBe('passed');
  });

  it('cannot call from an address that is not its own', async () => {
    const given = behind('elsewhere');
    const finding = findingOf(memberUnreachable, given, await look(given));
    expect(finding).toMatchObject({ cause: 'routing', confidence: 'confirmed' });
    expect(finding.summary).toMatch(/^HAProxy cannot open a connection to 1 of 1 member: .*source address/);
    expect(outcomeOf(memberDownThoughHealthy, given, []).status).toBe('skipped');
  });

  it('takes no further session where the frontend is at its limit', async () => {
    const held = await Promise.all([0, 1].map(() => open(narrow)));
    const given = behind('api', { url: `http://127.0.0.1:${String(narrow)}/` });
    const readings = await look(given);
    held.forEach((socket) => socket.destroy());
    expect(findingOf(frontendFull, given, readings)).toMatchObject({
      cause: 'overload',
      confidence: 'likely',
      summary: 'frontend narrow of HAProxy has 2 of 2 sessions (`maxconn`): it accepts no further one',
    });
    await until('the frontend has no session left', async () =>
      (await haproxy.tell('show stat')).includes('narrow,FRONTEND,,,0,'),
    );
    expect(outcomeOf(frontendFull, given, await look(given)).status).toBe('passed');
  });

  it('wants more good checks than it has had', async () => {
    const given = behind('manychecks');
    const down = 'set server manychecks/a health down';
    await haproxy.tell(down);
    await until('a check has passed again', async () =>
      /manychecks,a,.*DOWN \d+\/900/.test(await haproxy.tell('show stat')),
    );
    const finding = findingOf(memberDownThoughHealthy, given, await look(given));
    expect(finding.summary).toMatch(
      /\d+ of the 900 good checks that it wants\) though real requests get 200/,
    );
  });

  it('has no members at all', async () => {
    const given = behind('empty');
    expect(findingOf(poolWithoutMembers, given, await look(given))).toMatchObject({
      confidence: 'confirmed',
    });
  });

  it.each([
    ['maint', 'MAINT'],
    ['drain', 'DRAIN'],
  ])('has members in %s', async (state, status) => {
    for (const name of ['a', 'b']) await haproxy.tell(`set server api/${name} state ${state}`);
    const given = behind('api');
    const readings = await look(given);
    for (const name of ['a', 'b']) await haproxy.tell(`set server api/${name} state ready`);
    const finding = findingOf(memberDraining, given, readings);
    expect(finding).toMatchObject({ cause: 'deployment', confidence: 'confirmed' });
    expect(finding.summary).toBe(`2 of 2 members set aside (${status}); 0 take requests`);
  });

  it('tells the same over HTTP', async () => {
    const given = behind('api', { balancer: { kind: 'haproxy', statsUrl: haproxy.statsUrl, pool: 'api' } });
    const [reading] = await readAll(balancerMembers, given);
    expect(reading).toMatchObject({ status: 'read', via: 'worker', fact: { answeredFrom: 'stats-url' } });
  });

  it('names the pools that there are', async () => {
    const [reading] = await readAll(balancerMembers, behind('nothere'));
    expect(reading).toMatchObject({
      status: 'unread',
      reason: 'malformed',
      detail: expect.stringContaining('no backend `nothere`; it has web, stats, ') as string,
    });
  });

  it('may refuse its socket', async () => {
    await chmod(haproxy.socket, 0);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534); // root may open everything: ask as nobody
    const [reading] = await readAll(balancerMembers, behind('api')).finally(() => {
      if (isRoot) process.seteuid?.(0);
    });
    expect(reading).toMatchObject({
      reason: 'denied',
      detail: expect.stringContaining('usermod -aG haproxy') as string,
    });
  });

  it('is not there', async () => {
    const balancer = { kind: 'haproxy' as const, host: 'local', socket: '/run/no-such.sock', pool: 'api' };
    const [reading] = await readAll(balancerMembers, behind('api', { balancer }));
    expect(reading).toMatchObject({ status: 'unread', reason: 'unreachable' });
  });
});
