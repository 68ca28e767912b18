import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { genuine, JSON_TYPE, providers } from '../alerts/providers.js';
import { ALL_ON, openRoute, SECRET } from '../alerts/route.js';

const [alertmanager] = providers as [(typeof providers)[number]];

describe('/alerts/<source>', () => {
  it.each([
    ['/alerts/nagios', 404],
    ['/alerts/', 404],
    ['/alerts', 404],
    ['/alerts/Alertmanager', 404],
    ['/alerts/alertmanager/', 404],
    ['/alerts/alertmanager/x', 404],
    ['/Alerts/alertmanager', 404],
    ['/alerts/constructor', 404],
    ['/alerts/__proto__', 404],
    ['/alerts/%2e%2e%2fhealth', 404],
    ['/alerts/%zz', 400],
    ['/alerts/%00', 404],
  ])('at %s is answered %i', async (path, status) => {
    const route = await openRoute();
    const got = await route.sendTo(path, genuine(alertmanager));
    expect(got.status).toBe(status);
    expect(got.text).not.toMatch(/node_modules|at .*\.ts/);
    expect(route.seen).toEqual([]);
    await route.close();
  });

  it('is not there for a source without a secret', async () => {
    const route = await openRoute({ settings: { grafana: { secrets: [SECRET] } } });
    expect((await route.send('alertmanager', genuine(alertmanager))).status).toBe(404);
    expect((await route.send('sns', { headers: JSON_TYPE, body: '{}' })).status).toBe(404);
    await route.close();
  });

  it.each([
    ['no token', { ...ALL_ON, alertmanager: { tokens: [], logins: [] } }, `Bearer ${SECRET}`],
    ['an empty bearer token', { ...ALL_ON, alertmanager: { tokens: [], logins: [] } }, 'Bearer '],
    ['an empty login', { ...ALL_ON, alertmanager: { tokens: [], logins: [] } }, 'Basic Og=='],
  ])('lets nobody in by %s', async (_name, settings, authorization) => {
    const route = await openRoute({ settings });
    const { body } = alertmanager;
    const { status } = await route.send('alertmanager', { headers: { ...JSON_TYPE, authorization }, body });
    expect(status).toBe(401);
    await route.close();
  });

  it('says which methods there are', async () => {
    const route = await openRoute();
    const { headers } = await route.send('alertmanager', { ...genuine(alertmanager), method: 'GET' });
    expect(headers).toMatch(/^allow: POST$/im);
    await route.close();
  });

  it('gives up on a body that does not arrive, and on one that drips', async () => {
    const route = await openRoute({ limits: { bodyMs: 200 } });
    const { body, headers } = genuine(alertmanager);
    const half = {
      body: String(body).slice(0, 100),
      headers: { ...headers, 'content-length': String(body!.length) },
    };
    const began = Date.now();
    expect((await route.send('alertmanager', half)).status).toBe(503);
    expect(await drip(route.port)).toContain('HTTP/1.1 503');
    expect(Date.now() - began).toBeLessThan(5_000);
    expect(route.seen).toEqual([]);
    await route.close();
  });

  it.each([
    ['more than there are places', 3, 100],
    ['that announce more than fits', 200, 1024 * 1024],
  ])('serves an honest sender beside bodies that do not arrive, %s', async (_name, bodies, length) => {
    const route = await openRoute({ limits: { bodies } });
    const whole = genuine(alertmanager);
    const half = { body: '{', headers: { ...whole.headers, 'content-length': String(length) } };
    const slow = Array.from({ length: 20 }, () => route.send('alertmanager', half));
    expect((await Promise.race(slow)).status).toBe(503);
    expect((await route.send('alertmanager', whole)).status).toBe(200);
    expect(route.seen).toHaveLength(1);
    await route.close();
    await Promise.allSettled(slow);
  });

  it('cuts a sender whose body has no end, and keeps nothing of it', async () => {
    const route = await openRoute();
    const before = process.memoryUsage().rss;
    const { answer, sent } = await flood(route.port);
    expect(answer).toContain('HTTP/1.1 413');
    expect(sent).toBeGreaterThan(1024 * 1024);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
    expect((await route.send('alertmanager', genuine(alertmanager))).status).toBe(200);
    await route.close();
  });

  it('outlives a sender that goes away in the middle', async () => {
    const route = await openRoute();
    await new Promise<void>((resolve) => {
      const socket = connect(route.port, '127.0.0.1', () => {
        socket.write(head(1_000));
        setTimeout(() => socket.destroy(), 50);
      });
      socket.once('close', () => resolve());
    });
    expect((await route.send('alertmanager', genuine(alertmanager))).status).toBe(200);
    expect(route.seen).toHaveLength(1);
    await route.close();
  });

  it('says the same refusal once in a while, and never who tried what', async () => {
    const route = await openRoute();
    const wrong = { ...genuine(alertmanager), headers: { ...JSON_TYPE, authorization: 'Bearer guess-17' } };
    await Promise.all(Array.from({ length: 20 }, () => route.send('alertmanager', wrong)));
    expect(route.lines).toHaveLength(1);
    expect(route.lines[0]).toContain('alertmanager got 401: its Authorization header');
    expect(route.lines[0]).not.toContain('guess-17');
    await route.close();
  });
});

const head = (length: number): string =>
  [
    'POST /alerts/alertmanager HTTP/1.1',
    'host: x',
    'content-type: application/json',
    `authorization: Bearer ${SECRET}`,
    `content-length: ${length}`,
    '\r\n',
  ].join('\r\n');

/** A byte now and then, for as long as the other side listens. */
const drip = (port: number): Promise<string> =>
  new Promise((resolve) => {
    let answer = '';
    let timer: NodeJS.Timeout | undefined;
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(head(1_000));
      timer = setInterval(() => socket.write(' '), 20);
    });
    socket.on('data', (chunk) => (answer += String(chunk)));
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearInterval(timer);
      resolve(answer);
    });
  });

/** Chunks for as long as the other side takes them. */
const flood = (port: number): Promise<{ answer: string; sent: number }> =>
  new Promise((resolve) => {
    const chunk = Buffer.from(`10000\r\n${' '.repeat(65_536)}\r\n`);
    let answer = '';
    let sent = 0;
    const write = (): void => {
      while (!socket.destroyed && socket.write(chunk)) sent += chunk.length;
    };
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(head(0).replace('content-length: 0', 'transfer-encoding: chunked'));
      write();
    });
    socket.on('drain', write);
    socket.on('data', (data) => (answer += String(data)));
    socket.on('error', () => undefined);
    socket.once('close', () => resolve({ answer, sent }));
  });
