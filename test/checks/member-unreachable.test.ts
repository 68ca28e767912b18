import { describe, expect, it } from 'vitest';
import { memberUnreachable } from '../../src/checks/member-unreachable.js';
import type { Reading } from '../../src/model/reading.js';
import type { Facts } from '../../src/probes/index.js';
import { findingOf, reading } from '../builders/readings.js';
import { service } from '../helpers/service.js';

const given = service('shop', {
  hosts: ['web-1'],
  balancer: { kind: 'haproxy', host: 'lb', socket: '/run/haproxy/admin.sock', pool: 'shop' },
  proxy: { kind: 'nginx', errorLog: '/var/log/nginx/error.log' },
});
const host = { kind: 'host', name: 'web-1' } as const;

const row = {
  name: 'web-1',
  status: 'DOWN',
  queued: 0,
  queuedMax: 0,
  sessions: 0,
  sessionLimit: null,
  responses5xx: 0,
  connectionErrors: 0,
  lastChangeSeconds: 30,
  downTransitions: 1,
  active: 1,
  line: 'shop,web-1,DOWN,L4CON',
};
const members = reading(
  'balancerMembers',
  {
    answeredFrom: 'socket',
    pool: { ...row, name: 'BACKEND' },
    members: [
      {
        ...row,
        address: '10.0.0.11:80',
        checkStatus: 'L4CON',
        checkCode: null,
        lastCheck: 'Connection refused',
        checkDurationMs: 0,
        failedChecks: 3,
        weight: 1,
      },
    ],
  },
  { kind: 'balancer', name: 'shop' },
);
const answers: Facts['healthAnswer'] = {
  request: 'GET http://127.0.0.1:8000/health/ HTTP/1.1',
  status: 200,
  reasonPhrase: 'OK',
  headers: {},
  body: '',
  failure: null,
  firstByteMs: 3,
  certificateExpiresAt: null,
};
const app = [
  reading('healthAnswer', answers, host),
  reading(
    'listenSockets',
    [
      {
        kind: 'tcp',
        address: '127.0.0.1',
        port: 8000,
        queued: 0,
        queuedAgain: null,
        limit: 16,
        line: 'LISTEN 0 16 127.0.0.1:8000',
        lineAgain: null,
      },
    ],
    host,
  ),
];
const proxy = (processes?: number): Reading =>
  reading('proxyLog', { path: '', lines: [], ...(processes === undefined ? {} : { processes }) }, host);

describe('nothing listens where HAProxy asks, and the app behind the proxy answers', () => {
  it.each([
    ['the proxy does not run', [proxy(0)], 'not-started', 'the proxy does not listen on port 80 of web-1'],
    ['it runs on another port', [proxy(3)], 'routing', 'the proxy runs, and does not listen on port 80'],
    ['whether it runs is not known', [proxy()], 'not-started', 'the proxy does not listen'],
    ['its log could not be read', [], 'not-started', 'the proxy does not listen'],
  ])('%s', (_name, seen, cause, words) => {
    const finding = findingOf(memberUnreachable, given, [members, ...app, ...seen]);
    expect(finding).toMatchObject({ cause, confidence: 'confirmed' });
    expect(finding.summary).toContain(words);
  });
});
