import { mkdtempSync, chmodSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LocalSlack, startLocalSlack } from '../../demo/slack/server.js';
import { openDatabase, type Database } from '../../src/store/database.js';
import { type Product, startProduct } from '../e2e/product.js';
import { until } from '../helpers/until.js';
import { startTestRedis, type TestRedis } from '../servers/queue-redis.js';
import { endedWithUs } from './ended-with-us.js';
import type { HostPrograms } from './host-programs.js';
import { type KillablePostgres, startKillablePostgres } from './killable-postgres.js';
import { startSshHost, type LaneHost } from './lane-host.js';
import { startSickServices } from './sick-services.js';
import { type SlackGate, startSlackGate } from './slack-gate.js';

/** Several lanes start at once, and beside them goes on what is killed. */
const STARTED_WITHIN_MS = 240_000;

export const CHANNEL = 'C0OPSAPI';

/** One product as it runs in production: a bot, two workers, servers of their own, and a Slack before which a gate stands. */
export type Lane = {
  readonly name: string;
  readonly slack: LocalSlack;
  readonly gate: SlackGate;
  readonly host: HostPrograms;
  /** Its power goes and comes again; only for a host that is another machine. */
  readonly powerCycle: (() => Promise<void>) | null;
  readonly postgres: KillablePostgres;
  readonly redis: TestRedis | null;
  readonly database: Database;
  readonly env: Record<string, string>;
  readonly folder: string;
  /** The living ones. */
  readonly workers: Product[];
  /** Names of services that no campaign has used yet: what was cooled down is of no use. */
  fresh(count: number): string[];
  kill(worker: Product): void;
  startWorker(): Promise<Product>;
  close(): Promise<void>;
};

type Options = {
  name: string;
  redis: boolean;
  mode: 'socket' | 'http';
  services: number;
  logs?: string;
  path?: string;
  bodyOf?: (service: string) => string;
  /** Left out: this machine, every second service of it over a real sshd. */
  startHost?: (folder: string) => Promise<LaneHost>;
};

/** Only what is done cures; every third service is beyond cure, so that `did not help` is told as well. */
export const isCurable = (service: string): boolean => Number(service.replace(/\D/g, '')) % 3 !== 0;

export async function openLane({
  name,
  redis: hasRedis,
  mode,
  services,
  logs,
  ...more
}: Options): Promise<Lane> {
  const folder = mkdtempSync(path.join(tmpdir(), 'diag503-faults-'));
  chmodSync(folder, 0o711);
  const ground = await (more.startHost?.(folder) ?? startSshHost(folder, more.path));
  const host = ground.programs;
  const names = Array.from({ length: services }, (_, index) => `s-${String(index).padStart(4, '0')}`);
  const [slack, sick, postgres, redis] = await Promise.all([
    startLocalSlack(),
    startSickServices(
      (service) => isCurable(service) && host.effectsOf(service) > 0,
      more.bodyOf,
      ground.address,
    ),
    startKillablePostgres(),
    hasRedis ? startTestRedis() : null,
  ]);
  const gate = await startSlackGate(slack.apiUrl);
  const entryOf = (service: string) => ({
    command: ['/bin/sh', host.effectScript, service],
    host: ground.hostOf(service),
  });
  const inventory = sick.inventory(names, entryOf, ground.inventory);
  writeFileSync(path.join(folder, 'services.yaml'), inventory);
  const env = {
    DATABASE_URL: postgres.url,
    ...(redis !== null && { REDIS_URL: redis.url }),
    SLACK_API_URL: gate.apiUrl,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    DIAG503_SLACK_MODE: mode,
    DIAG503_HTTP_PORT: '0',
    HOME: folder,
    ...ground.env,
    PATH: [more.path, host.bin, process.env['PATH']].filter(Boolean).join(':'),
  };
  const workers: Product[] = [];
  const started: Product[] = [];
  const startWorker = async (): Promise<Product> => {
    const worker = startProduct('worker', { cwd: folder, env });
    workers.push(worker);
    started.push(worker);
    await worker.says('"opened"', STARTED_WITHIN_MS);
    return worker;
  };
  const bot = startProduct('bot', { cwd: folder, env });
  started.push(bot);
  await bot.says('the bot listens', STARTED_WITHIN_MS);
  if (mode === 'http') {
    const port = /"port":(\d+)/.exec(bot.output())?.[1] ?? '';
    slack.setRequestUrl(`http://127.0.0.1:${port}/slack/events`);
  } else await until('Slack has a connection', () => slack.control.connectionCount() > 0);
  await Promise.all([startWorker(), startWorker()]);
  const database = openDatabase(postgres.url);

  return {
    powerCycle: ground.powerCycle ?? null,
    ...{ name, slack, gate, host, postgres, redis, database, env, folder, workers, startWorker },
    fresh: (count) => {
      const taken = names.splice(0, count);
      if (taken.length < count) throw new Error(`lane ${name} has no services left`);
      return taken;
    },
    kill: (worker) => {
      workers.splice(workers.indexOf(worker), 1);
      worker.kill('SIGKILL');
    },
    close: endedWithUs(async () => {
      const alive = [bot, ...workers];
      for (const product of alive) product.kill('SIGKILL');
      await Promise.all(alive.map(({ exit }) => exit));
      if (logs !== undefined) {
        const messages = slack.control.messages(CHANNEL).map((message) => JSON.stringify(message));
        writeFileSync(path.join(logs, `${name}-thread.json`), messages.join('\n'));
        for (const [index, product] of started.entries())
          writeFileSync(path.join(logs, `${name}-${index}.log`), product.output());
      }
      await database.close();
      await gate.close();
      await Promise.all([slack.close(), sick.stop(), redis?.stop(), ground.close()]);
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    }),
  };
}
