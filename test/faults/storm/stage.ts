import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LocalSlack, startLocalSlack } from '../../../demo/slack/server.js';
import { type Database, openDatabase } from '../../../src/store/database.js';
import { freePort } from '../../servers/free-port.js';
import { startTestRedis, type TestRedis } from '../../servers/queue-redis.js';
import { endedWithUs } from '../ended-with-us.js';
import { type KillablePostgres, startKillablePostgres } from '../killable-postgres.js';
import { startSlackGate } from '../slack-gate.js';
import { keepRestarted, type Restarted } from './restarted.js';
import { startStormyServices } from './stormy-services.js';

export const TOKEN = 'the-alert-token-of-a-storm-0123456789abcdef';
/** Where people type, and where the storm is told of. */
export const ASKED_IN = 'C0OPSAPI';
const SERVICES = 20;
const CHANNELS = 4;
const ASKED = 60;

/** The product as it runs in production: bots and workers of their own, with a Slack that takes its time. */
export type Stage = {
  readonly slack: LocalSlack;
  readonly postgres: KillablePostgres;
  readonly redis: TestRedis | null;
  readonly database: Database;
  readonly bots: readonly Restarted[];
  readonly workers: readonly Restarted[];
  /** `http://…` of each bot. */
  readonly addresses: readonly string[];
  /** Services of alerts, with their channels. */
  readonly channelOf: ReadonlyMap<string, string>;
  /** Services that people ask about, each once. */
  readonly asked: readonly string[];
  close(): Promise<void>;
};

type Options = { bots: number; workers: number; redis: boolean; logs?: string };

export async function openStage({ bots, workers, redis: hasRedis, logs }: Options): Promise<Stage> {
  const folder = mkdtempSync(path.join(tmpdir(), 'diag503-storm-'));
  chmodSync(folder, 0o711);
  const removed = endedWithUs(async () => rmSync(folder, { recursive: true, force: true }));
  const channelOf = new Map(
    Array.from({ length: SERVICES }, (_, index) => [`s-${index}`, `C0STORM${index % CHANNELS}`]),
  );
  const asked = Array.from({ length: ASKED }, (_, index) => `asked-${index}`);
  const [slack, services, postgres, redis] = await Promise.all([
    startLocalSlack(),
    startStormyServices({ channelOf, asked }),
    startKillablePostgres(),
    hasRedis ? startTestRedis() : null,
  ]);
  const endPostgres = endedWithUs(() => postgres.stop());
  const endRedis = endedWithUs(async () => redis?.stop());
  for (const id of new Set(channelOf.values())) slack.control.addChannel({ id, name: id.toLowerCase() });
  // Slack has a message a while before its sender knows: a kill in between must not make it post again.
  const gate = await startSlackGate(slack.apiUrl, { answerAfterMs: 150 });
  writeFileSync(path.join(folder, 'services.yaml'), services.inventory);
  const env = {
    DATABASE_URL: postgres.url,
    ...(redis !== null && { REDIS_URL: redis.url }),
    SLACK_API_URL: gate.apiUrl,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    DIAG503_SLACK_MODE: 'http',
    DIAG503_ALERTS_ALERTMANAGER_TOKEN: TOKEN,
    OPS_CHANNEL: ASKED_IN,
    HOME: folder,
  };
  const ports: number[] = [];
  for (let index = 0; index < bots; index += 1) ports.push(await freePort());
  const keep = (command: 'bot' | 'worker', index: number, more: Record<string, string>): Restarted =>
    keepRestarted({
      ...{ name: `${command} ${index + 1}`, command, cwd: folder, env: { ...env, ...more } },
      ready: command === 'bot' ? 'the bot listens' : '"opened"',
    });
  const botProcesses = ports.map((port, index) => keep('bot', index, { DIAG503_HTTP_PORT: String(port) }));
  const workerProcesses = Array.from({ length: workers }, (_, index) => keep('worker', index, {}));
  const processes = [...botProcesses, ...workerProcesses];
  await Promise.all(processes.map((each) => each.untilUp()));
  const database = openDatabase(postgres.url);

  return {
    ...{ slack, postgres, redis, database, channelOf, asked },
    bots: botProcesses,
    workers: workerProcesses,
    addresses: ports.map((port) => `http://127.0.0.1:${port}`),
    close: async () => {
      await Promise.all(processes.map((each) => each.stop()));
      if (logs !== undefined) keepLogs(logs, slack, processes);
      await database.close();
      await gate.close();
      await Promise.all([slack.close(), services.stop()]);
      await Promise.all([endPostgres(), endRedis()]);
      await removed();
    },
  };
}

function keepLogs(folder: string, { workspace }: LocalSlack, processes: readonly Restarted[]): void {
  const messages = [...workspace.channels.keys()].flatMap((id) => workspace.messagesOf(id));
  writeFileSync(
    path.join(folder, 'storm-messages.json'),
    messages.map((each) => JSON.stringify(each)).join('\n'),
  );
  for (const { name, lives } of processes)
    writeFileSync(
      path.join(folder, `storm-${name.replace(' ', '-')}.log`),
      lives.map(({ product }) => product.output()).join('\n'),
    );
}
