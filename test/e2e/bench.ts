import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LocalSlack, startLocalSlack } from '../../demo/slack/server.js';
import type { Message } from '../../demo/slack/types.js';
import type { BackendKind } from '../helpers/backbone.js';
import { until } from '../helpers/until.js';
import { startTestPostgres } from '../servers/embedded.js';
import { startTestRedis, type TestRedis } from '../servers/queue-redis.js';
import { type Product, startProduct } from './product.js';
import { type SickShop, startSickShop } from './sick-shop.js';

export const CHANNEL = 'C0OPSAPI';
export const ANA = 'U0ANA';
export const BEN = 'U0BEN';

type Options = {
  queue?: BackendKind;
  mode?: 'socket' | 'http';
  /** Left out: a PostgreSQL of its own. */
  databaseUrl?: string;
  /** More variables for the product. */
  env?: Record<string, string>;
  inventory?: (shop: SickShop) => string;
};
export type Bench = Awaited<ReturnType<typeof openBench>>;

/** Real servers, a sick shop and a local Slack; the product is started on them by the test. */
export async function openBench(options: Options = {}) {
  const { queue = 'PostgreSQL', mode = 'socket', inventory = shopInventory } = options;
  const folder = mkdtempSync(path.join(tmpdir(), 'diag503-e2e-'));
  chmodSync(folder, 0o711);
  const [slack, shop, postgres, redis] = await Promise.all([
    startLocalSlack(),
    startSickShop(),
    options.databaseUrl === undefined ? startTestPostgres() : null,
    queue === 'Redis' ? startTestRedis() : null,
  ]);
  writeFileSync(path.join(folder, 'services.yaml'), inventory(shop));
  const env = {
    DATABASE_URL: options.databaseUrl ?? postgres?.url ?? '',
    ...(redis === null ? {} : { REDIS_URL: redis.url }),
    SLACK_API_URL: slack.apiUrl,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    DIAG503_SLACK_MODE: mode,
    DIAG503_HTTP_PORT: '0',
    ...options.env,
  };
  const products: Product[] = [];
  const start = (command: string): Product => {
    const product = startProduct(command, { cwd: folder, env });
    products.push(product);
    return product;
  };

  return {
    slack,
    shop,
    redis: (): TestRedis => redis ?? raise('this bench has no Redis'),
    databaseUrl: env.DATABASE_URL,
    ...observe(slack),
    startWorker: async () => {
      const product = start('worker');
      await product.says('"opened"');
      return product;
    },
    /** `start` or `bot`, when it hears Slack. */
    startListening: async (command: 'start' | 'bot') => {
      const product = start(command);
      await product.says('the bot listens');
      if (mode === 'http') slack.setRequestUrl(`http://127.0.0.1:${portOf(product)}/slack/events`);
      else await until('Slack has a connection', () => slack.control.connectionCount() > 0);
      return product;
    },
    close: async () => {
      for (const { child } of products) if (child.exitCode === null) child.kill('SIGKILL');
      await Promise.all(products.map(({ exit }) => exit));
      await Promise.all([slack.close(), shop.stop(), postgres?.stop(), redis?.stop()]);
      rmSync(folder, { recursive: true });
    },
  };
}

/** `shop` takes 1.5 s to look at, `slow-shop` 4.5 s. */
export const shopInventory = (shop: SickShop): string => `services:
${service('shop', shop, { delayMs: 1_500 })}
${service('slow-shop', shop, { delayMs: 4_500 })}
`;

export const service = (
  name: string,
  { url, warehousePort }: SickShop,
  { delayMs = 0, hosts = 'local' } = {},
): string => `  ${name}:
    hosts: [${hosts}]
    health: ${url}/health/?delay=${delayMs}
    url: ${url}/
    dependencies: [{ name: warehouse, kind: tcp, host: 127.0.0.1, port: ${warehousePort} }]`;

const portOf = (product: Product): number => Number(/"port":(\d+)/.exec(product.output())?.[1]);

function raise(what: string): never {
  throw new Error(what);
}

export const wordsOf = ({ text, blocks }: Message): string => `${text} ${JSON.stringify(blocks)}`;

/** What people see in the channel. */
function observe({ control }: LocalSlack) {
  const headlines = (about = ''): Message[] =>
    control
      .messages(CHANNEL)
      .filter((message) => message.threadTs === null && wordsOf(message).includes(about));
  const cards = (about = ''): Message[] =>
    headlines(about)
      .flatMap(({ ts }) => control.thread(CHANNEL, ts))
      .filter((message) => message.threadTs !== null && wordsOf(message).includes('"run-again"'));
  const told = (user: string): string[] =>
    control
      .messages(CHANNEL, user)
      .filter(({ ephemeralFor }) => ephemeralFor === user)
      .map(wordsOf);
  return {
    headlines,
    cards,
    told,
    command: (text: string, user = ANA) => control.command(user, CHANNEL, `/diag503 ${text}`.trim()),
    /** The verdict is below its headline, and the headline says it too. */
    untilVerdicts: async (count: number, about = '', ms = 30_000) => {
      const isSettled = (): boolean =>
        cards(about).length >= count && !headlines(about).some((each) => each.text.includes('looking at'));
      await until(`${count} verdicts about ${about || 'anything'}`, isSettled, ms);
    },
  };
}
