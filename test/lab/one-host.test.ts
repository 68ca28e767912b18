import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/exit-codes.js';
import { RunDocument } from '../../src/model/verdict.js';
import { bootHost, removeLeftovers, type LabHost } from './host.js';
import { CLIENT_NAMESPACE, createNetwork, removeNetwork } from './network.js';
import { ensureRootfs } from './rootfs.js';

const here = import.meta.dirname;
const ADDRESS = '10.203.0.11';

let host: LabHost;
let folder: string;

beforeAll(async () => {
  removeLeftovers();
  removeNetwork();
  const rootfs = ensureRootfs();
  folder = mkdtempSync(path.join(tmpdir(), 'diag503-lab-'));
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(folder, 'key')]);
  writeFileSync(path.join(folder, 'nginx.conf'), NGINX);
  createNetwork();
  host = await bootHost({
    name: 'api-1',
    address: ADDRESS,
    rootfs,
    publicKey: readFileSync(path.join(folder, 'key.pub'), 'utf8'),
    files: {
      'srv/shop/shop.py': path.join(here, 'shop/shop.py'),
      'srv/shop/prepare.sh': path.join(here, 'shop/prepare.sh'),
      'etc/shop.env': path.join(here, 'shop/shop.env'),
      'etc/systemd/system/shop.service': path.join(here, 'shop/shop.service'),
      'etc/nginx/conf.d/shop.conf': path.join(folder, 'nginx.conf'),
    },
  });
  host.run('systemctl', 'start', 'redis-server', 'postgresql');
  host.run('sh', '/srv/shop/prepare.sh');
  const hostKey = readFileSync(path.join(rootfs, 'etc/ssh/ssh_host_ed25519_key.pub'), 'utf8');
  writeFileSync(path.join(folder, 'known_hosts'), `${ADDRESS} ${hostKey}`);
  writeFileSync(path.join(folder, 'services.yaml'), INVENTORY);
  await untilHealthy();
});

afterAll(() => {
  // Also ends a host that did not come up.
  removeLeftovers();
  removeNetwork();
  rmSync(folder, { recursive: true, force: true });
});

const INVENTORY = `
hosts:
  api-1: { address: diag503@${ADDRESS} }
services:
  shop:
    hosts: [api-1]
    unit: shop
    health: http://localhost:8000/health/
    url: http://${ADDRESS}:8000/
    database: { kind: postgres, url: "\${SHOP_DB_URL}" }
    dependencies:
      - { name: cache, kind: redis, url: "redis://127.0.0.1:6379" }
  front:
    hosts: [api-1]
    unit: shop
    health: http://localhost:8000/health/
    url: http://${ADDRESS}:8080/
    proxy: { kind: nginx }
`;

const NGINX = `server {
  listen 8080;
  location / {
    include /etc/nginx/shop-*.inc;
    proxy_pass http://127.0.0.1:8000;
  }
}
`;

/** Runs the real command in the client's namespace, as an engineer would at a terminal beside the hosts. */
function diagnose(service = 'shop'): { exitCode: number | null; document: RunDocument } {
  const result = besideTheHosts('run', service, '--json');
  if (result.stdout === '') throw new Error(`no document: ${result.stderr}`);
  const parsed: unknown = JSON.parse(result.stdout);
  if (process.env['LAB_VERBOSE']) console.log(JSON.stringify(parsed, null, 1));
  return { exitCode: result.status, document: RunDocument.parse(parsed) };
}

function besideTheHosts(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const main = path.resolve(here, '../../src/cli/main.ts');
  const command = ['npx', 'tsx', main, ...args, '--inventory', path.join(folder, 'services.yaml')];
  return spawnSync('nsenter', [`--net=/run/netns/${CLIENT_NAMESPACE}`, ...command], {
    encoding: 'utf8',
    env: {
      ...process.env,
      SHOP_DB_URL: 'postgresql://diag503:looking@127.0.0.1:5432/orders',
      DIAG503_SSH_KEY: path.join(folder, 'key'),
      DIAG503_SSH_KNOWN_HOSTS: path.join(folder, 'known_hosts'),
    },
  });
}

/** With LAB_RECORD=FOLDER: keeps what a run reads now as FOLDER/<cause>.<case>/run.json, for test/scenarios. */
function record(scenario: string, service = 'shop'): void {
  const target = process.env['LAB_RECORD'];
  if (!target) return;
  const file = path.resolve(target, scenario, 'run.json');
  mkdirSync(path.dirname(file), { recursive: true });
  const { status, stderr } = besideTheHosts('run', service, '--save', file);
  if (status === null || status >= EXIT.usage) throw new Error(`not recorded: ${stderr}`);
}

async function untilHealthy(): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const asked = spawnSync('nsenter', [
      `--net=/run/netns/${CLIENT_NAMESPACE}`,
      ...['curl', '-s', '-o', '/dev/null', '-m', '2', '-w', '%{http_code}', `http://${ADDRESS}:8000/`],
    ]);
    if (asked.stdout.toString() === '200') return;
    await sleep(200);
  }
  throw new Error('The shop does not answer 200: the fault before was not healed.');
}

/** Systemd's counter may go on from where it was. */
async function untilRestarted(times: number): Promise<void> {
  const before = Number(host.run('systemctl', 'show', '-p', 'NRestarts', '--value', 'shop'));
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (Number(host.run('systemctl', 'show', '-p', 'NRestarts', '--value', 'shop')) >= times + before) return;
    await sleep(200);
  }
  throw new Error('The shop was not restarted: the fault does not make it crash.');
}

describe('a real systemd host over SSH', () => {
  let heal: () => void = () => undefined;
  afterEach(async () => {
    heal();
    heal = () => undefined;
    await untilHealthy();
  });

  it('is healthy', () => {
    const { exitCode, document } = diagnose();
    expect(document.verdict).toMatchObject({ status: 'healthy', cause: null });
    expect(document.hosts).toEqual([{ name: 'api-1', reached: true }]);
    expect(exitCode).toBe(0);
    record('healthy.quiet');
  });

  it('names a stopped unit', () => {
    heal = () => host.run('systemctl', 'start', 'shop');
    host.run('systemctl', 'stop', 'shop');
    const { exitCode, document } = diagnose();
    expect(document.verdict).toMatchObject({
      status: 'cause-found',
      cause: 'not-started',
      confidence: 'confirmed',
    });
    expect(document.verdict.chain[0]?.check).toBe('unit-inactive');
    expect(exitCode).toBe(2);
    record('not-started.stopped');
  });

  it('names a crash loop with the error that causes it', async () => {
    heal = () => {
      host.run('sed', '-i', 's/^#SHOP_REDIS/SHOP_REDIS/', '/etc/shop.env');
      host.run('systemctl', 'restart', 'shop');
    };
    host.run('sed', '-i', 's/^SHOP_REDIS/#SHOP_REDIS/', '/etc/shop.env');
    host.run('systemctl', 'restart', 'shop');
    await untilRestarted(2);
    // It needs a second to die: look at other moments of the loop, too.
    for (let look = 0; look < 3; look += 1) {
      const { document } = diagnose();
      expect(document.verdict).toMatchObject({
        status: 'cause-found',
        cause: 'not-started',
        confidence: 'confirmed',
      });
      expect(document.verdict.chain[0]?.check).toBe('unit-crash-looping');
      expect(JSON.stringify(document.findings)).toContain('SHOP_REDIS_URL');
    }
    record('not-started.crash-loop');
  });

  it('names workers that are all busy', async () => {
    heal = () => host.run('systemctl', 'restart', 'shop');
    host.start(
      'sh',
      '-c',
      'for i in 1 2 3 4 5 6; do curl -s -m 50 "http://127.0.0.1:8000/sleep?50" & done; wait',
    );
    await sleep(1_500);
    const { document } = diagnose();
    expect(document.verdict).toMatchObject({ status: 'cause-found', cause: 'overload' });
    expect(document.findings.map(({ check }) => check)).toContain('workers-busy');
    expect(document.verdict.chain[0]?.check).toBe('workers-busy');
    record('overload.workers-asleep');
  });

  it('names a database without a free slot', async () => {
    heal = () => host.run('pkill', '-f', 'hold-slots');
    const hold = [
      'import psycopg2, time, sys',
      'url = "postgresql://shop:shop@127.0.0.1:5432/orders"',
      'held = []',
      'for _ in range(17):',
      '    connection = psycopg2.connect(url, application_name="report")',
      '    connection.cursor().execute("select 1")',
      '    held.append(connection)',
      'time.sleep(600)',
    ].join('\n');
    host.start('python3', '-c', `# hold-slots\n${hold}`);
    await sleep(2_000);
    const { document } = diagnose();
    expect(document.verdict).toMatchObject({ status: 'cause-found', cause: 'database-connections' });
    expect(document.verdict.hop).toBe('app');
    expect(document.checklist[3]).toMatchObject({ answer: 'no' });
    record('database-connections.no-slot');
  });

  it('names forgotten transactions that use up the connections of the role', async () => {
    heal = () => {
      host.run('pkill', '-f', 'hold-transactions');
      host.run('su', 'postgres', '-c', 'psql -qc "alter role shop connection limit -1"');
    };
    host.run('su', 'postgres', '-c', 'psql -qc "alter role shop connection limit 10"');
    const hold = [
      'import psycopg2, time',
      'url = "postgresql://shop:shop@127.0.0.1:5432/orders"',
      'held = [psycopg2.connect(url, application_name="report") for _ in range(10)]',
      '[connection.cursor().execute("select 1") for connection in held]',
      'time.sleep(600)',
    ].join('\n');
    host.start('python3', '-c', `# hold-transactions\n${hold}`);
    await sleep(2_000);
    const { document } = diagnose();
    expect(document.verdict).toMatchObject({
      status: 'cause-found',
      cause: 'database-connections',
      hop: 'app',
    });
    expect(document.verdict.chain.map(({ check }) => check)).toEqual(
      expect.arrayContaining(['idle-in-transaction', 'connections-exhausted']),
    );
    expect(document.findings.some(({ remediations }) => remediations.includes('end-idle-sessions'))).toBe(
      true,
    );
    record('database-connections.idle-in-transaction');
  });

  it('names a dependency that is down', () => {
    heal = () => host.run('systemctl', 'start', 'redis-server');
    host.run('systemctl', 'stop', 'redis-server');
    const { document } = diagnose();
    expect(document.verdict).toMatchObject({ status: 'cause-found', cause: 'dependency', hop: 'app' });
    expect(document.verdict.chain[0]).toMatchObject({
      check: 'dependency-unreachable',
      target: { name: 'cache' },
    });
    record('dependency.cache-down');
  });

  it('names a maintenance page of the proxy as meant', () => {
    heal = () => host.run('sh', '-c', 'rm -f /etc/nginx/shop-off.inc; systemctl stop nginx');
    host.run('sh', '-c', 'echo "return 503;" >/etc/nginx/shop-off.inc; systemctl restart nginx');
    const { document } = diagnose('front');
    expect(document.verdict).toMatchObject({ status: 'cause-found', cause: 'deliberate', hop: 'proxy' });
    record('deliberate.return-503', 'front');
  });

  it('looks behind the 502 of a proxy', () => {
    heal = () => host.run('systemctl', 'start', 'shop');
    host.run('sh', '-c', 'systemctl restart nginx; systemctl stop shop');
    const { document } = diagnose('front');
    expect(document.verdict).toMatchObject({ status: 'cause-found', cause: 'not-started', hop: 'proxy' });
    expect(document.verdict.chain[0]?.check).toBe('unit-inactive');
    expect(document.verdict.chain.at(-1)?.check).toBe('answers-502');
    record('not-started.behind-nginx', 'front');
  });

  it('says what it may not read, and what would allow it', () => {
    heal = () => host.run('usermod', '-aG', 'systemd-journal', 'diag503');
    host.run('gpasswd', '-d', 'diag503', 'systemd-journal');
    const { document } = diagnose();
    expect(document.verdict.status).toBe('healthy');
    expect(document.unknown.map(({ reason }) => reason).join('\n')).toContain(
      'usermod -aG systemd-journal diag503',
    );
    record('healthy.journal-denied');
  });
});
