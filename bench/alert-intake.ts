import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request, Agent } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startLocalSlack } from '../demo/slack/server.js';
import { startPostgres } from '../src/store/embedded-postgres.js';
import { type Product, startProduct } from '../test/e2e/product.js';
import { cpuMsOf } from '../test/helpers/process-cpu.js';
import { startStormyServices } from '../test/faults/storm/stormy-services.js';
import { alertBody } from '../test/faults/storm/alert-body.js';
import { freePort } from '../test/servers/free-port.js';
import { randomOf } from '../test/faults/random.js';

/**
 * What it costs to accept an alert: one bot, a PostgreSQL of its own that writes to the disk before it answers, queues on
 * it, no worker. Senders wait for each answer and then send the next alert, as quickly as they are answered.
 */
const { values } = parseArgs({
  options: {
    alerts: { type: 'string', default: '5000' },
    senders: { type: 'string', default: '64' },
    services: { type: 'string', default: '20' },
    /** Alerts of the pass that counts statements: the log of each would be most of the work otherwise. */
    counted: { type: 'string', default: '500' },
    /** NODE_OPTIONS of the bot. */
    'bot-options': { type: 'string' },
  },
});
const TOKEN = 'the-alert-token-of-a-bench-0123456789abcdef';
const services = Array.from({ length: Number(values.services) - 1 }, (_, index) => `s-${index + 1}`);
const all: readonly [string, ...string[]] = ['s-0', ...services];

const counted = await pass(Number(values.counted), { log_statement: 'all' });
const measured = await pass(Number(values.alerts), {});
console.log(
  `${measured.alerts} alerts about ${all.length} services from ${values.senders} senders: ${(measured.alerts / measured.seconds).toFixed(0)} a second; ms CPU an alert: bot ${per(measured.botMs)}, PostgreSQL ${per(measured.postgresMs)}, senders ${per(measured.sendersMs)}; ${(counted.statements / counted.alerts).toFixed(1)} statements an alert`,
);

function per(ms: number): string {
  return (ms / measured.alerts).toFixed(2);
}

async function pass(alerts: number, settings: Record<string, string>) {
  const folder = mkdtempSync(path.join(tmpdir(), 'diag503-bench-'));
  const port = await freePort();
  const postgres = await startPostgres({ dataDir: path.join(folder, 'pg'), settings });
  const slack = await startLocalSlack();
  const stormy = await startStormyServices({
    channelOf: new Map(all.map((name) => [name, 'C0OPSAPI'])),
    asked: [],
  });
  writeFileSync(path.join(folder, 'services.yaml'), stormy.inventory);
  const bot = startProduct('bot', {
    cwd: folder,
    env: {
      DATABASE_URL: postgres.url,
      SLACK_API_URL: slack.apiUrl,
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_SIGNING_SECRET: slack.signingSecret,
      DIAG503_SLACK_MODE: 'http',
      DIAG503_ALERTS_ALERTMANAGER_TOKEN: TOKEN,
      DIAG503_HTTP_PORT: String(port),
      ...(values['bot-options'] !== undefined && { NODE_OPTIONS: values['bot-options'] }),
    },
  });
  try {
    await bot.says('the bot listens');
    await send({ port, alerts: Math.min(alerts, 200), from: 1_000_000 }); // the first ones compile what the others use
    const statements = (): number =>
      readFileSync(path.join(postgres.dataDir, 'postgres.log'), 'utf8').match(
        /LOG: {2}(?:statement|execute)/g,
      )?.length ?? 0;
    const before = { ...cpu(bot, postgres.dataDir), statements: statements() };
    const began = performance.now();
    await send({ port, alerts, from: 0 });
    const seconds = (performance.now() - began) / 1_000;
    const after = { ...cpu(bot, postgres.dataDir), statements: statements() };
    return {
      alerts,
      seconds,
      botMs: after.bot - before.bot,
      postgresMs: after.postgres - before.postgres,
      sendersMs: after.senders - before.senders,
      statements: after.statements - before.statements,
    };
  } finally {
    bot.kill('SIGTERM');
    await bot.exit;
    await Promise.all([slack.close(), stormy.stop(), postgres.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function send({ port, alerts, from }: { port: number; alerts: number; from: number }): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: Number(values.senders) });
  const random = randomOf(from + 1);
  let next = 0;
  const sender = async (): Promise<void> => {
    while (next < alerts) {
      const fingerprint = `f${from + next}`;
      next += 1;
      const service = random.pick(all);
      for (;;) {
        const status = await post(agent, port, alertBody(fingerprint, service, random));
        if (status === 200) break;
        if (status !== 503) throw new Error(`answered ${status}`);
      }
    }
  };
  await Promise.all(Array.from({ length: Number(values.senders) }, sender));
  agent.destroy();
}

function post(agent: Agent, port: number, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        agent,
        port,
        host: '127.0.0.1',
        method: 'POST',
        path: '/alerts/alertmanager',
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          authorization: `Bearer ${TOKEN}`,
        },
      },
      (answer) => {
        answer.resume().once('end', () => resolve(answer.statusCode ?? 0));
      },
    );
    asked.once('error', reject).end(body);
  });
}

function cpu({ child }: Product, dataDir: string): { bot: number; postgres: number; senders: number } {
  const [postmaster = ''] = readFileSync(path.join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n');
  const own = process.cpuUsage();
  return {
    bot: cpuMsOf(child.pid),
    postgres: cpuMsOf(Number(postmaster)),
    senders: (own.user + own.system) / 1_000,
  };
}
