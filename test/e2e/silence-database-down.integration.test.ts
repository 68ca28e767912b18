import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningPostgres, startPostgres } from '../../src/store/embedded-postgres.js';
import { ROOT } from '../cli/spawn-cli.js';
import { until } from '../helpers/until.js';
import { freePort } from '../servers/free-port.js';
import { ANA, type Bench, CHANNEL, openBench, service } from './bench.js';

const TOKEN = 'a-token-of-the-tests-0123456789abcdef';
/** Slack waits three seconds for an answer. */
const ANSWER_MS = 3_000;

/** A silence that is wanted, asked for and in the way, while a real PostgreSQL is stopped and started. */
describe('silences while the database is away', () => {
  let dataDir: string;
  let database: RunningPostgres;
  let bench: Bench;
  let url: string;
  let databaseUrl: string;
  let startDatabase: () => Promise<RunningPostgres>;

  beforeAll(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'diag503-e2e-silence-'));
    const settings = { listen_addresses: '127.0.0.1', port: await freePort(), fsync: 'off' };
    startDatabase = () => startPostgres({ dataDir, settings });
    database = await startDatabase();
    databaseUrl = `postgres://diag503@127.0.0.1:${settings.port}/postgres`;
    const port = await freePort();
    bench = await openBench({
      databaseUrl,
      inventory: (shop) => `services:\n${service('shop', shop)}\n    channel: ${CHANNEL}\n`,
      env: { DIAG503_HTTP_PORT: String(port), DIAG503_ALERTS_GENERIC_TOKEN: TOKEN },
    });
    await bench.startListening('start');
    url = `http://127.0.0.1:${port}/alerts/generic`;
  });
  afterAll(async () => {
    await bench.close();
    await database.stop();
    await rm(dataDir, { recursive: true });
  });

  const headline = () => bench.headlines('*shop*')[0] ?? { text: '', ts: '', blocks: [] };
  const send = async (fingerprint: string, severity = 'warning') => {
    const began = Date.now();
    const alert = { status: 'firing', service: 'shop', title: 'it answers 503', fingerprint, severity };
    const { status } = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
      body: JSON.stringify({ id: fingerprint, ...alert }),
    });
    return { status, ms: Date.now() - began };
  };
  const press = (choice: string) => {
    const [, value = ''] =
      new RegExp(`"value":"(${choice} [0-9a-f-]{36})"`).exec(JSON.stringify(headline().blocks)) ?? [];
    expect(value).not.toBe('');
    return bench.slack.control.press({
      ...{ user: ANA, channel: CHANNEL, ts: headline().ts, actionId: 'more-actions', value },
    });
  };
  const silences = async (): Promise<{ status: number; said: string }> =>
    new Promise((resolve) => {
      const main = path.join(ROOT, 'src/cli/main.ts');
      execFile(
        process.execPath,
        ['--import', import.meta.resolve('tsx'), main, 'silences'],
        { env: { ...process.env, DATABASE_URL: databaseUrl } },
        (error, stdout, stderr) =>
          resolve({ status: error === null ? 0 : Number(error.code), said: `${stdout}${stderr}` }),
      );
    });

  it('each get one clear answer, and nothing is lost', async () => {
    expect((await send('first')).status).toBe(200);
    await bench.untilVerdicts(1, '*shop*');

    await database.stop();
    const pressed = Date.now();
    await press('silence-1h');
    await until('a private answer', () => bench.told(ANA).length > 0);
    const answeredMs = Date.now() - pressed;
    const asked = await silences();
    const refused = await send('second');

    expect(bench.told(ANA)).toHaveLength(1);
    expect(bench.told(ANA)[0]).toContain('The database is not answering: try again in a minute.');
    expect(answeredMs).toBeLessThan(ANSWER_MS);
    expect(asked.status).not.toBe(0);
    expect(asked.said).toMatch(/^diag503: the silences cannot be read: .*ECONNREFUSED/m);
    expect(asked.said.trim().split('\n')).toHaveLength(1);
    expect(refused.status).toBe(503);
    expect(refused.ms).toBeLessThan(5_000);

    database = await startDatabase();
    // The sender sends again what got a 503, until it is taken.
    await until('the alert is taken', async () => (await send('second')).status === 200, 30_000);
    await until('both are counted', () => headline().text.includes('2 alerts firing'), 30_000);
    expect(headline().text).not.toContain('silenced');
    expect((await silences()).said).toBe('0 silences\n');

    await press('silence-1h');
    await until('it is silenced', () => headline().text.includes('silenced by <@U0ANA>'));
    expect((await silences()).said).toMatch(/^1 silence\nshop: silenced by U0ANA/);
    expect(bench.told(ANA)).toHaveLength(1);
  }, 120_000);

  it('that hold go on afterwards, and an alert in between is counted once and starts nothing', async () => {
    const cards = bench.cards().length;
    await database.stop();
    expect((await send('third')).status).toBe(503);
    database = await startDatabase();
    await until('the alert is taken', async () => (await send('third')).status === 200, 30_000);
    await until('it is counted', () => headline().text.includes('3 alerts firing'), 30_000);
    expect(headline().text).toContain('silenced by <@U0ANA>');
    expect(headline().text).not.toContain('notices');
    expect((await silences()).said).toMatch(/^1 silence\n/);
    expect(bench.cards()).toHaveLength(cards);
  }, 120_000);
});
