import { createHmac, randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/store/database.js';
import { until } from '../helpers/until.js';
import { ANA, type Bench, CHANNEL, openBench, service } from './bench.js';

const SLOW = 2_000;
const HONEST = 40;
const COMMANDS = 10;
const TOKEN = 'an-alert-token-of-forty-characters-in-all';
const SECRET = 'a-grafana-secret-of-forty-characters-all';
/** Of half of the alerts, for a machine may be busy with other things; none may be refused, and Slack waits 3 s. */
const ANSWERED_WITHIN_MS = 1_000;

const nowS = (): string => String(Math.floor(Date.now() / 1_000));
const startOf = (path: string, headers: Record<string, string>): string =>
  [
    `POST ${path} HTTP/1.1`,
    'host: bot',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '',
  ].join('\r\n');

/** As much as anybody can send at once, and then no more than a byte now and then. */
const STARTS: readonly (() => string)[] = [
  // headers that do not end
  () => startOf('/alerts/alertmanager', { 'x-more': '' }),
  // bodies that do not arrive: by somebody who has the token, with a signature of nobody, and before Slack's door
  () =>
    `${startOf('/alerts/alertmanager', {
      ...{ authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', 'content-length': '100000' },
    })}\r\n{`,
  () =>
    `${startOf('/alerts/grafana', {
      ...{ 'x-grafana-alerting-signature': 'a'.repeat(64), 'x-grafana-alerting-timestamp': nowS() },
      ...{ 'content-type': 'application/json', 'content-length': '1048576' },
    })}\r\n{`,
  () =>
    `${startOf('/slack/events', {
      ...{ 'x-slack-signature': `v0=${'a'.repeat(64)}`, 'x-slack-request-timestamp': nowS() },
      ...{ 'content-type': 'application/x-www-form-urlencoded', 'content-length': '200000' },
    })}\r\n{`,
];

/** Keeps that many connections, and a byte on each every two seconds; what is cut comes again. */
function sendSlowly(port: number, count: number) {
  const sockets = new Set<Socket>();
  let isOver = false;
  let cut = 0;
  const open = (index: number): void => {
    const socket = connect(port, '127.0.0.1', () => {
      sockets.add(socket);
      socket.write(STARTS[index % STARTS.length]!());
    });
    socket.resume();
    socket.on('error', () => undefined);
    socket.once('close', () => {
      sockets.delete(socket);
      cut += 1;
      if (!isOver) setTimeout(open, 100 + Math.random() * 1_000, index);
    });
  };
  for (let index = 0; index < count; index += 1) open(index);
  const timer = setInterval(() => {
    for (const socket of sockets) if (Math.random() < 0.1) socket.write(' ');
  }, 200);
  return {
    connected: () => sockets.size,
    cut: () => cut,
    end: () => {
      isOver = true;
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
    },
  };
}

describe(`${SLOW} connections that send a byte now and then`, () => {
  let bench: Bench;
  let port: number;
  beforeAll(async () => {
    bench = await openBench({
      mode: 'http',
      inventory: (shop) =>
        `services:\n${service('shop', shop)}\n    channel: ${CHANNEL}\n${Array.from({ length: COMMANDS }, (_, index) => service(`asked-${index}`, shop)).join('\n')}\n`,
      env: { DIAG503_ALERTS_ALERTMANAGER_TOKEN: TOKEN, DIAG503_ALERTS_GRAFANA_SECRET: SECRET },
    });
    const bot = await bench.startListening('bot');
    port = Number(/"port":(\d+)/.exec(bot.output())?.[1]);
  });
  afterAll(() => bench.close());

  const alert = (version: '1' | '4'): string => {
    const fingerprint = randomUUID();
    const labels = { service: 'shop' };
    const alerts = [{ status: 'firing', labels, startsAt: new Date().toISOString(), fingerprint }];
    return JSON.stringify({ version, orgId: 1, groupKey: fingerprint, alerts });
  };
  const post = async (source: string, body: string, headers: Record<string, string>) => {
    const began = performance.now();
    const { status } = await fetch(`http://127.0.0.1:${port}/alerts/${source}`, {
      ...{ method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } },
    });
    return { status, ms: performance.now() - began };
  };
  const fromAlertmanager = () => post('alertmanager', alert('4'), { authorization: `Bearer ${TOKEN}` });
  const fromGrafana = () => {
    const body = alert('1');
    const at = nowS();
    const signature = createHmac('sha256', SECRET).update(`${at}:${body}`).digest('hex');
    const headers = { 'x-grafana-alerting-signature': signature, 'x-grafana-alerting-timestamp': at };
    return post('grafana', body, headers);
  };
  const command = async (index: number) => {
    const began = performance.now();
    const { kind } = await bench.slack.control.command(ANA, CHANNEL, `/diag503 asked-${index}`);
    return { kind, ms: performance.now() - began };
  };

  it('keep no alert and no command waiting', { timeout: 120_000 }, async () => {
    const slow = sendSlowly(port, SLOW);
    try {
      await until('they are connected', () => slow.connected() > SLOW * 0.9);
      await sleep(3_000);
      const alerts: { status: number; ms: number }[] = [];
      const commands: { kind: string; ms: number }[] = [];
      for (let index = 0; index < HONEST; index += 1) {
        alerts.push(...(await Promise.all([fromAlertmanager(), fromGrafana()])));
        if (index % (HONEST / COMMANDS) === 0) commands.push(await command(index / (HONEST / COMMANDS)));
      }
      const slowest = (of: readonly { ms: number }[]): number => Math.max(...of.map(({ ms }) => ms));
      console.log(
        `${slow.connected()} slow connections, ${slow.cut()} cut; the slowest of ${alerts.length} alerts ${Math.round(slowest(alerts))} ms, of ${commands.length} commands ${Math.round(slowest(commands))} ms`,
      );
      expect(slow.cut()).toBeGreaterThan(0);
      expect(alerts.filter(({ status }) => status !== 200)).toEqual([]);
      expect(commands.filter(({ kind }) => kind !== 'acknowledged')).toEqual([]);
      const sorted = alerts.map(({ ms }) => ms).toSorted((a, b) => a - b);
      expect(sorted[HONEST]).toBeLessThan(ANSWERED_WITHIN_MS);
    } finally {
      slow.end();
    }
    const database = openDatabase(bench.databaseUrl);
    const rows = await database.query(
      `SELECT (SELECT count(*)::int FROM diag503.run WHERE service LIKE 'asked-%' AND state <> 'refused') AS runs,
         (SELECT alert_count FROM diag503.incident WHERE service = 'shop') AS alerts`,
    );
    await database.close();
    expect(rows).toEqual([{ runs: COMMANDS, alerts: HONEST * 2 }]);
  });
});
