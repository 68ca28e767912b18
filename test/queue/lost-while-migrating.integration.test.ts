import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openQueues } from '../../src/queue/queues.js';
import { type RunningPostgres } from '../../src/store/embedded-postgres.js';
import { until } from '../helpers/until.js';
import { startTestPostgres } from '../servers/embedded.js';
import { freePort } from '../servers/free-port.js';
import { startTcpProxy } from '../servers/tcp-proxy.js';

describe('a database that is lost while BullMQ makes its tables', () => {
  let postgres: RunningPostgres;
  let port: number;
  beforeAll(async () => {
    port = await freePort();
    postgres = await startTestPostgres({ listen_addresses: '127.0.0.1', port });
  });
  afterAll(() => postgres.stop());

  it.each([5, 15, 40])('after %i ms does not end the process, and the queue opens later', async (ms) => {
    const proxy = await startTcpProxy(port);
    const queues = openQueues({ databaseUrl: `postgres://diag503@127.0.0.1:${proxy.port}/postgres` });
    await until('it connects', () => proxy.count() > 0);
    await sleep(ms);
    proxy.reset(); // an error that nobody listens to would fail this test run
    await until('the queue answers', () =>
      queues.ping().then(
        () => true,
        () => false,
      ),
    );
    expect(proxy.count()).toBeGreaterThan(1);
    await queues.close();
    await proxy.close();
  });
});
