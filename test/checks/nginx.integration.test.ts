import { execFileSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { maintenanceMode } from '../../src/checks/maintenance-mode.js';
import { proxyConnectionsExhausted } from '../../src/checks/proxy-connections-exhausted.js';
import { rateLimited } from '../../src/checks/rate-limited.js';
import { wrongUpstream } from '../../src/checks/wrong-upstream.js';
import type { Reading } from '../../src/model/reading.js';
import type { Service } from '../../src/model/service.js';
import { appAnswer } from '../../src/probes/app-answer.js';
import { proxyLog } from '../../src/probes/proxy-log.js';
import { publicAnswer } from '../../src/probes/public-answer.js';
import { findingOf, outcomeOf, readAll, reading } from '../builders/readings.js';
import { service } from '../helpers/service.js';
import { freePort } from '../servers/free-port.js';
import { startNginx, type TestNginx } from '../servers/nginx.js';
import { needs } from '../servers/require-server.js';

describe.skipIf(!needs('nginx'))('a real nginx', () => {
  let app: Server;
  let upstream: string;
  let nginx: TestNginx;
  beforeAll(async () => {
    app = createServer((_request, response) => response.end('fine')).listen(0, '127.0.0.1');
    await new Promise((resolve) => app.once('listening', resolve));
    upstream = `http://127.0.0.1:${String((app.address() as AddressInfo).port)}`;
  });
  afterAll(() => void app.close());
  afterEach(() => nginx.stop());

  const given = (): Service =>
    service('shop', {
      health: `${upstream}/`,
      url: nginx.url,
      proxy: { kind: 'nginx', errorLog: nginx.errorLog },
    });
  const look = async (): Promise<Reading[]> => [
    ...(await readAll(publicAnswer, given())),
    ...(await readAll(appAnswer, given())),
    readLog(given()),
  ];
  /** As the collector does: the script through sh, its output through the parser. */
  const readLog = (of: Service): Reading => {
    const stdout = execFileSync('sh', ['-c', proxyLog.script(of)], { encoding: 'utf8' });
    const fact = proxyLog.fact.parse(proxyLog.parse({ stdout, exitCode: 0 }, of));
    return reading('proxyLog', fact, { kind: 'host', name: 'local' });
  };

  it('limits the rate', async () => {
    nginx = await startNginx({
      http: 'limit_req_zone $binary_remote_addr zone=customer:1m rate=1r/m;',
      server: `location / { limit_req zone=customer; proxy_pass ${upstream}; }`,
    });
    const readings = await look();
    const finding = findingOf(rateLimited, given(), readings);
    expect(finding).toMatchObject({ cause: 'deliberate', confidence: 'confirmed' });
    expect(finding.summary).toContain('zone customer');
    expect(finding.evidence[0]?.excerpt).toMatch(/limiting requests, excess: \d/);
    expect(outcomeOf(maintenanceMode, given(), readings).status).toBe('passed');
  });

  it('answers 503 by itself, as configured', async () => {
    nginx = await startNginx({ server: 'location / { return 503; }' });
    const finding = findingOf(maintenanceMode, given(), await look());
    expect(finding).toMatchObject({ cause: 'deliberate', confidence: 'likely' });
    expect(finding.evidence.at(-1)?.excerpt).toContain('<hr><center>nginx');
  });

  it('answers 503 while a marker file is there', async () => {
    nginx = await startNginx({
      server: `if (-f FOLDER/off) { return 503; } location / { proxy_pass ${upstream}; }`,
    });
    expect(outcomeOf(maintenanceMode, given(), await look()).status).toBe('passed');
    const file = path.join(nginx.folder, 'off');
    await writeFile(file, '');
    const marker = reading(
      'maintenanceMarker',
      {
        configRead: true,
        configLines: ['/etc/nginx/conf.d/a.conf:3: return 503;'],
        markers: [{ path: file, modifiedAt: '2026-11-22T09:00:00.000Z', line: file }],
      },
      { kind: 'host', name: 'local' },
    );
    const finding = findingOf(maintenanceMode, given(), [...(await look()), marker]);
    expect(finding).toMatchObject({ confidence: 'confirmed', since: '2026-11-22T09:00:00.000Z' });
  });

  it('passes requests to a port where nobody listens', async () => {
    nginx = await startNginx({
      server: `location / { proxy_pass http://127.0.0.1:${String(await freePort())}; }`,
    });
    const readings = await look();
    const finding = findingOf(wrongUpstream, given(), readings);
    expect(finding).toMatchObject({ cause: 'routing', confidence: 'confirmed' });
    expect(finding.evidence[0]?.excerpt).toMatch(
      /connect\(\) failed \(111: (Connection refused|Unknown error)\)/,
    );
    expect(outcomeOf(maintenanceMode, given(), readings).status).toBe('passed');
  });

  it.each([
    [
      'calls the app from an address that is not its own',
      'proxy_bind 192.0.2.77; proxy_pass UPSTREAM;',
      /bind\(192\.0\.2\.77\) failed \(99: /,
    ],
    ['wants TLS from an app that speaks none', 'proxy_pass TLS;', /SSL_do_handshake\(\) failed/],
  ])('%s', async (_name, way, words) => {
    const told = way.replace('UPSTREAM', upstream).replace('TLS', upstream.replace('http:', 'https:'));
    nginx = await startNginx({ server: `location / { ${told} }` });
    const finding = findingOf(wrongUpstream, given(), await look());
    expect(finding).toMatchObject({ cause: 'routing', confidence: 'likely' });
    expect(finding.summary).toMatch(words);
  });

  it('has no connection left for the app', async () => {
    nginx = await startNginx({
      server: `location / { proxy_pass ${upstream}; }`,
      events: 'worker_connections 2;',
    });
    const finding = findingOf(proxyConnectionsExhausted, given(), await look());
    expect(finding).toMatchObject({ cause: 'overload', confidence: 'likely' });
    expect(finding.summary).toContain('worker_connections');
  });
});
