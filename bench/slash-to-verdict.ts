import { createServer } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild, type Child } from '../demo/child.js';
import { startLocalSlack, type LocalSlack } from '../demo/slack/server.js';
import { startTestRedis } from '../test/servers/queue-redis.js';
import { findProgram } from '../test/servers/require-server.js';
import { startSshd } from '../test/servers/sshd.js';

/**
 * From the slash command to the first line in the channel and to the verdict card in the thread, with a local Slack
 * that answers at once. Cold: the first command after `diag503 start`. Warm: every later one, on an open connection.
 */
const COLD_STARTS = 5;
const WARM_COMMANDS = 8;
const CHANNEL = 'ops-api';

type Times = { firstLineMs: number; verdictMs: number };
type Place = { name: string; host: string; env: Record<string, string> };

/** A service that answers 503 by itself, so that every run has a cause to find. */
const sick = createServer((_request, response) => {
  response.writeHead(503, { 'content-type': 'text/plain' }).end('cache: connection refused\n');
});
await new Promise<void>((resolve) => sick.listen(0, '127.0.0.1', resolve));
const address = sick.address();
if (address === null || typeof address === 'string') throw new Error('the sick service has no port');

const places: Place[] = [{ name: 'local', host: 'local', env: {} }];
const sshd = findProgram('sshd') === null ? null : await startSshd();
if (sshd)
  places.push({
    name: 'one SSH host',
    host: `${sshd.user}@127.0.0.1:${sshd.port}`,
    env: { DIAG503_SSH_KEY: sshd.identityFile, DIAG503_SSH_KNOWN_HOSTS: sshd.knownHostsPath },
  });
const redis = findProgram('redis-server') === null ? null : await startTestRedis();
const backends = [
  { name: 'PostgreSQL', env: {} },
  ...(redis ? [{ name: 'Redis', env: { REDIS_URL: redis.url } }] : []),
];

console.log(
  '| queue | host | | first line, ms (median, worst) | verdict in the thread, ms (median, worst) |',
);
console.log('| --- | --- | --- | --- | --- |');
for (const backend of backends)
  for (const place of places) {
    const cold: Times[] = [];
    const warm: Times[] = [];
    for (let start = 0; start < COLD_STARTS; start += 1) {
      const commands = start === 0 ? 1 + WARM_COMMANDS : 1;
      const [first, ...rest] = await commandTimes(place, { ...place.env, ...backend.env }, commands);
      if (first) cold.push(first);
      warm.push(...rest);
    }
    print(backend.name, place.name, 'cold', cold);
    print(backend.name, place.name, 'warm', warm);
  }
await sshd?.stop();
await redis?.stop();
sick.close();

async function commandTimes(place: Place, env: Record<string, string>, commands: number): Promise<Times[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'diag503-bench-'));
  const slack = await startLocalSlack();
  const product = startProduct(slack, folder, place.host, commands, env);
  try {
    while (slack.control.connectionCount() === 0) await sleep(20);
    await sleep(500); // the worker comes up beside the bot
    const times: Times[] = [];
    for (let index = 0; index < commands; index += 1) times.push(await timesOf(slack, `shop-${index}`));
    return times;
  } finally {
    await product.stop();
    await slack.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A service for each command: every one opens a thread of its own. */
function startProduct(
  slack: LocalSlack,
  folder: string,
  host: string,
  services: number,
  env: Record<string, string>,
): Child {
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/health/`;
  const entries = Array.from({ length: services }, (_, index) =>
    [
      `  shop-${index}:`,
      `    hosts: ["${host}"]`,
      `    health: ${url}`,
      '    dependencies:',
      '      - { name: cache, kind: tcp, host: 127.0.0.1, port: 9 }',
      '',
    ].join('\n'),
  );
  const inventory = path.join(folder, 'services.yaml');
  writeFileSync(inventory, `services:\n${entries.join('')}`);
  return startChild('product.ts', [], {
    SLACK_API_URL: slack.apiUrl,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    DIAG503_INVENTORY: inventory,
    DIAG503_DATA_DIR: path.join(folder, 'bot'),
    DIAG503_HTTP_PORT: '0',
    ...env,
  });
}

async function timesOf(slack: LocalSlack, service: string): Promise<Times> {
  const before = slack.control.messages(CHANNEL).length;
  const asked = performance.now();
  const since = (): number => performance.now() - asked;
  void slack.control.command('U0ANA', CHANNEL, `/diag503 ${service}`);
  const seen = async (count: number): Promise<number> => {
    while (slack.control.messages(CHANNEL).length < before + count) {
      if (since() > 60_000) throw new Error(`no answer for ${service} within 60 s`);
      await sleep(5);
    }
    return since();
  };
  const firstLineMs = await seen(1);
  const verdictMs = await seen(2);
  await sleep(1_500); // the headline's last edit belongs to this run
  return { firstLineMs, verdictMs };
}

function print(queue: string, host: string, state: string, times: readonly Times[]): void {
  const figures = (values: number[]): string => {
    const sorted = values.toSorted((a, b) => a - b);
    return `${Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0)}, ${Math.round(sorted.at(-1) ?? 0)}`;
  };
  const first = figures(times.map(({ firstLineMs }) => firstLineMs));
  const verdict = figures(times.map(({ verdictMs }) => verdictMs));
  console.log(`| ${queue} | ${host} | ${state} (${times.length}) | ${first} | ${verdict} |`);
}
