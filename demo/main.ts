import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild, type Child } from './child.js';
import { printChannel } from './slack/print-thread.js';
import { startLocalSlack, type LocalSlack } from './slack/server.js';
import { startSickService, type SickService } from './sick-service/start.js';
import { watchParents } from './watch-parents.js';

/**
 * The main job on this machine alone: a local Slack, the bot, and a service that really answers 503 because a forgotten
 * report holds its database's slots. `--once` ends by itself: exit 0 only if the verdict names that cause.
 */
const once = process.argv.includes('--once');
const PERSON = 'U0ANA';
const CHANNEL = 'ops-api';
const TRUE_CAUSE = 'Database connections exhausted';
const PAGE_PORT = 3_503;
const VERDICT_WITHIN_MS = 60_000;
const HEADLINE_WITHIN_MS = 3_000;

type Part = { stop(): Promise<void> };
const parts: Part[] = [];
const folder = mkdtempSync(path.join(tmpdir(), 'diag503-demo-'));
parts.push({ stop: async () => rmSync(folder, { recursive: true, force: true }) });

let ending: Promise<never> | undefined;
const end = (exitCode: number): Promise<never> => (ending ??= stopAll(exitCode));

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => void end(once ? 130 : 0));
process.stdout.on('error', () => void end(1)); // the terminal has gone
watchParents(() => void end(1));

try {
  await demo();
} catch (error) {
  if (ending === undefined)
    console.error(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`);
  await end(1);
}

async function demo(): Promise<void> {
  say('Starting a local Slack, a small shop with its own PostgreSQL, and the bot ...');
  const [slack, shop] = await Promise.all([startSlack(), startSickService(folder)]);
  parts.push(shop);
  parts.push({ stop: () => slack.close() });
  const product = startProduct(slack, shop);
  parts.push(product);
  await connected(slack, product);

  say(`The shop answers ${await shop.status()} at ${shop.health}`);
  const held = await shop.forget();
  say(`A forgotten report now holds ${held} database connections: the shop answers ${await shop.status()}`);

  const asked = Date.now();
  say('\n@ana types in #ops-api:  /diag503 shop\n');
  await slack.control.command(PERSON, CHANNEL, '/diag503 shop');
  await verdictPosted(slack, product);
  const seconds = (Date.now() - asked) / 1_000;
  await headlineSettled(slack);
  const thread = printChannel(slack, CHANNEL);
  say(thread);
  say(`\nFrom the slash command to the verdict in the thread: ${seconds.toFixed(1)} s`);

  if (once) await end(thread.includes(TRUE_CAUSE) ? 0 : 1);
  say(`\nSee and press it yourself: ${slack.url}  (stands in for Slack; Ctrl-C ends everything)`);
  const exitCode = await product.ended;
  throw new Error(`the bot ended by itself with status ${exitCode ?? 'unknown'}`);
}

/** On its usual port, or on a free one when that is taken. */
async function startSlack(): Promise<LocalSlack> {
  if (once) return startLocalSlack();
  try {
    return await startLocalSlack({ port: PAGE_PORT });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return startLocalSlack();
    throw error;
  }
}

/** `diag503 start` as anyone would start it: three lines of inventory, settings in the environment. */
function startProduct(slack: LocalSlack, shop: SickService): Child {
  const inventory = path.join(folder, 'services.yaml');
  const text = `services:
  shop:
    title: The demo's shop
    hosts: [local]
    health: ${shop.health}
    url: ${shop.health}
    database: { kind: postgres, url: "\${SHOP_DB_URL}" }
    remediations:
      end-idle-sessions: { allow: [operator], users: [shop], idleSeconds: 1 }
roles:
  operator: { users: [${PERSON}] }
`;
  writeFileSync(inventory, text);
  return startChild('product.ts', [], {
    SLACK_API_URL: slack.apiUrl,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SHOP_DB_URL: shop.databaseUrl,
    DIAG503_SLACK_MODE: 'socket',
    DIAG503_INVENTORY: inventory,
    DIAG503_DATA_DIR: path.join(folder, 'bot'),
    DIAG503_HTTP_PORT: '0',
  });
}

async function connected(slack: LocalSlack, product: Child): Promise<void> {
  let status: number | null | undefined;
  void product.ended.then((exitCode) => (status = exitCode));
  const deadline = Date.now() + VERDICT_WITHIN_MS;
  while (slack.control.connectionCount() === 0) {
    if (status !== undefined || Date.now() > deadline) await product.says('(ready)', 0);
    await sleep(50);
  }
}

/** The first reply in a thread is the verdict card. */
async function verdictPosted(slack: LocalSlack, product: Child): Promise<void> {
  const deadline = Date.now() + VERDICT_WITHIN_MS;
  for (;;) {
    if (slack.control.messages(CHANNEL).some(({ threadTs }) => threadTs !== null)) return;
    if (Date.now() > deadline) await product.says('(a verdict)', 0);
    await sleep(50);
  }
}

/** The headline is edited at most once a second, so its last edit may come after the verdict. */
async function headlineSettled(slack: LocalSlack): Promise<void> {
  const deadline = Date.now() + HEADLINE_WITHIN_MS;
  const isLooking = (): boolean =>
    slack.control.messages(CHANNEL).some(({ text }) => text.startsWith('looking at'));
  while (isLooking() && Date.now() < deadline) await sleep(50);
}

/** Last started, first ended. */
async function stopAll(exitCode: number): Promise<never> {
  for (const part of parts.reverse()) await part.stop();
  process.exit(exitCode);
}

function say(text: string): void {
  console.log(text);
}
