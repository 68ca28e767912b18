import { describe, expect, it } from 'vitest';
import { proxyNotAnswering } from '../../src/checks/proxy-not-answering.js';
import type { Reading } from '../../src/model/reading.js';
import type { Facts } from '../../src/probes/index.js';
import { findingOf, outcomeOf, reading } from '../builders/readings.js';
import { answer } from '../diagnosis/situation.js';
import { service } from '../helpers/service.js';

const HOSTS = ['web-1', 'web-2'];
const given = service('shop', {
  hosts: HOSTS,
  balancer: { kind: 'haproxy', host: 'lb', socket: '/run/haproxy/admin.sock', pool: 'shop' },
  proxy: { kind: 'nginx', errorLog: '/var/log/nginx/error.log' },
});
const onPool = { kind: 'balancer', name: 'shop' } as const;
const silence = answer(null, {
  failure: { rung: 'answer', kind: 'timeout', message: 'no answer within 1500 ms' },
});

const row = (name: string, status: string): Facts['balancerMembers']['pool'] => ({
  ...{ name, status, queued: 0, queuedMax: 0, sessions: 0, sessionLimit: null, responses5xx: 0 },
  ...{
    connectionErrors: 0,
    lastChangeSeconds: 30,
    downTransitions: 1,
    active: 1,
    line: `shop,${name},${status}`,
  },
});
const members = (checkStatus: string): Reading =>
  reading(
    'balancerMembers',
    {
      pool: row('BACKEND', 'DOWN'),
      members: HOSTS.map((name) => ({
        ...row(name, checkStatus.endsWith('OK') ? 'UP' : 'DOWN'),
        ...{ address: null, checkStatus, checkCode: null, lastCheck: null, checkDurationMs: 2000 },
        ...{ failedChecks: 3, takenOutByAnswers: 0, weight: 1 },
      })),
      ...{ fullFrontends: [], closedFrontends: [], rejectingFrontends: [], monitoringFrontends: [] },
      answeredFrom: 'socket',
    },
    onPool,
  );
const through = (...silent: readonly string[]): Reading =>
  reading(
    'memberAnswer',
    {
      members: HOSTS.map((name) => ({
        name,
        address: `${name}:80`,
        answer: silent.includes(name) ? silence : answer(200),
      })),
    },
    onPool,
  );
const atApp = (firstByteMs: number): Reading[] =>
  HOSTS.map((name) => reading('appAnswer', answer(200, { firstByteMs }), { kind: 'host', name }));
const nginx = (processes: number, lines: Facts['proxyLog']['lines'] = []): Reading[] =>
  HOSTS.map((name) => reading('proxyLog', { path: '', lines, processes }, { kind: 'host', name }));
const LIMITING: Facts['proxyLog']['lines'][number] = {
  ...{ at: '2026-11-22T10:43:58.000Z', ageSeconds: 2, level: 'warn', kind: 'other', zone: 'one' },
  ...{ client: '10.0.0.10', upstream: null, line: 'delaying request, excess: 4.000, by zone "one"' },
};

describe('a proxy that takes connections and answers none', () => {
  it('has no worker left', () => {
    const seen = [members('L7TOUT'), through(...HOSTS), ...atApp(9), ...nginx(1)];
    const finding = findingOf(proxyNotAnswering, given, seen);
    expect(finding).toMatchObject({ cause: 'not-started', confidence: 'confirmed' });
    expect(finding.summary).toContain('nginx before 2 of 2 members takes connections and answers none');
    expect(finding.summary).toContain('only its master process is left');
  });

  it('has its workers, and the balancer waited in vain, too: a hint', () => {
    const seen = [members('L7TOUT'), through(...HOSTS), ...atApp(9), ...nginx(3)];
    expect(findingOf(proxyNotAnswering, given, seen)).toMatchObject({
      cause: 'overload',
      confidence: 'possible',
    });
  });

  it('is that of one host', () => {
    const seen = [members('L7TOUT'), through('web-2'), ...atApp(9), ...nginx(1)];
    const finding = findingOf(proxyNotAnswering, given, seen);
    expect(finding).toMatchObject({ cause: 'not-started', confidence: 'likely' });
    expect(finding.summary).toContain('1 of 2 members');
  });

  const TAKEN: Facts['proxyLog']['lines'][number] = {
    ...{ at: '2026-11-22T10:43:50.000Z', ageSeconds: 10, level: 'emerg', kind: 'port-in-use', zone: null },
    ...{
      client: null,
      upstream: null,
      line: '[emerg] 12#12: bind() to 0.0.0.0:80 failed (98: Address already in use)',
    },
  };
  it('is not there, for another program has its port, and answers', () => {
    const seen = [members('L7STS'), through(), ...atApp(9), ...nginx(0, [TAKEN])];
    const later = nginx(0, [{ ...TAKEN, ageSeconds: 1200 }]);
    expect(findingOf(proxyNotAnswering, given, [...seen.slice(0, 4), ...later])).toMatchObject({
      confidence: 'likely',
    });
    const finding = findingOf(proxyNotAnswering, given, seen);
    expect(finding).toMatchObject({ cause: 'not-started', confidence: 'confirmed' });
    expect(finding.summary).toContain('another program has its port (bind() to 0.0.0.0:80 failed)');
  });
  it.each([
    ['runs all the same: a second start of it failed', nginx(3, [TAKEN])],
    ['served somebody since, though we may not see its processes', nginx(0, [TAKEN, LIMITING])],
    [
      'was started in vain days ago, and we may not see its processes',
      nginx(0, [{ ...TAKEN, ageSeconds: 9e4 }]),
    ],
  ])('is not without its port where it %s', (_name, logs) => {
    const seen = [members('L7OK'), through(), ...atApp(9), ...logs];
    expect(outcomeOf(proxyNotAnswering, given, seen).status).toBe('passed');
  });
  it('answers itself on its port, whatever we see of its processes', () => {
    const itself = reading(
      'memberAnswer',
      {
        members: HOSTS.map((name) => ({
          name,
          address: `${name}:80`,
          answer: answer(503, { headers: { server: 'nginx/1.22.1' } }),
        })),
      },
      onPool,
    );
    const seen = [members('L7STS'), itself, ...atApp(9), ...nginx(0, [TAKEN])];
    expect(outcomeOf(proxyNotAnswering, given, seen).status).toBe('passed');
  });

  it.each([
    ['was late for us only', [members('L7OK'), through(...HOSTS), ...atApp(9), ...nginx(3)]],
    ['waits for a late app', [members('L7TOUT'), through(...HOSTS), ...atApp(1400), ...nginx(3)]],
    ['wrote a moment ago', [members('L7TOUT'), through(...HOSTS), ...atApp(9), ...nginx(3, [LIMITING])]],
    ['is never reached', [members('L4TOUT'), through(...HOSTS), ...atApp(9), ...nginx(3)]],
    ['answers', [members('L7TOUT'), through(), ...atApp(9), ...nginx(3)]],
  ])('is not said of one that %s', (_name, seen) => {
    expect(outcomeOf(proxyNotAnswering, given, seen).status).toBe('passed');
  });
});
