import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../helpers/until.js';
import { needs } from '../servers/require-server.js';
import { type SshServer, startSshd } from '../servers/sshd.js';
import { startTestRedis, type TestRedis } from '../servers/queue-redis.js';
import { type Bench, openBench, service, wordsOf } from './bench.js';

describe.skipIf(!needs('sshd') || !needs('redis-server'))('a service on a host over SSH', () => {
  let sshd: SshServer;
  let stock: TestRedis;
  let bench: Bench;

  beforeAll(async () => {
    [sshd, stock] = await Promise.all([startSshd(), startTestRedis()]);
    bench = await openBench({
      inventory: (shop) => `hosts:
  api-1: { address: "${sshd.user}@127.0.0.1:${sshd.port}", hostKey: "${sshd.fingerprint('ed25519')}" }
services:
${service('shop', shop, { hosts: 'api-1' }).replace(/dependencies: .*/, `dependencies: [{ name: stock, kind: redis, url: "${stock.url}" }]`)}
`,
      env: { DIAG503_SSH_KEY: sshd.identityFile, DIAG503_SSH_KNOWN_HOSTS: sshd.knownHostsPath },
    });
    await stock.kill();
    await bench.startListening('start');
  });
  afterAll(async () => {
    await bench.close();
    await Promise.all([sshd.stop(), stock.stop()]);
  });

  it.each(['cold', 'warm'])('has its verdict in the thread, %s', async (state) => {
    const before = bench.cards().length;
    const asked = performance.now();
    void bench.command('shop');
    await until('a card', () => bench.cards().length > before);
    console.log(`one SSH host, ${state}: verdict ${Math.round(performance.now() - asked)} ms`);
    await bench.untilVerdicts(before + 1);
    expect(bench.headlines()).toHaveLength(1);
    expect(bench.headlines()[0]?.text).toContain('dependency failing');
    const [card] = bench.cards().slice(-1);
    expect(card && wordsOf(card)).toContain('stock');
  });

  it('logged in over SSH', () => {
    expect(sshd.log()).toContain('Accepted publickey');
  });
});
