import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdStandby, standbyHosts } from '../../jobs/standby.js';
import { createConnector } from '../../src/clients/connector.js';
import { Service } from '../../src/model/service.js';
import { until } from '../helpers/until.js';
import { needs } from '../servers/require-server.js';
import { startSshd, type SshServer } from '../servers/sshd.js';

const service = (entry: object): Service =>
  Service.parse({ name: 'api', title: 'api', health: 'http://localhost/', hosts: ['api-1'], ...entry });

describe('standby', () => {
  it('is for the hosts of services that ask for it, and of their balancers', () => {
    const balancer = { kind: 'haproxy', host: 'lb-1', socket: '/run/haproxy.sock', pool: 'api' };
    const services = new Map([
      ['api', service({ standby: true, balancer })],
      ['other', service({ hosts: ['other-1'] })],
    ]);
    expect([...standbyHosts({ services, hosts: new Map(), secrets: [] })]).toEqual(['api-1', 'lb-1']);
  });
});

describe.skipIf(!needs('sshd'))('standby over ssh', () => {
  let sshd: SshServer;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(() => sshd.stop());

  it('logs in before anybody asks, and again after the connection was lost', async () => {
    const host = `${sshd.user}@127.0.0.1:${sshd.port}`;
    const hosts = new Set([host]);
    const { identityFile, knownHostsPath } = sshd;
    const connector = createConnector({
      hosts: new Map(),
      identityFile,
      knownHostsPath,
      sshConfigPath: '/dev/null',
      standby: hosts,
    });
    const logins = (): number => sshd.log().split('Accepted publickey').length - 1;
    const logger = pino({ level: 'silent' });
    const standby = holdStandby({ connector, hosts, logger, everyMs: 200 });
    await until('the first login', () => logins() === 1);
    await sleep(500);
    expect(logins()).toBe(1);

    const connection = await connector.connect(host, AbortSignal.timeout(5000));
    await connection
      .runScript('kill -9 $(cut -d" " -f4 /proc/$PPID/stat)', {
        signal: AbortSignal.timeout(5000),
        maxBytes: 100,
      })
      .catch(() => undefined); // the connection ends with it
    await until('the login anew', () => logins() === 2);
    standby.stop();
    await connector.closeAll();
  });
});
