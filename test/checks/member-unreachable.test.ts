import { describe, expect, it } from 'vitest';
import { memberUnreachable } from '../../src/checks/member-unreachable.js';
import type { Reading } from '../../src/model/reading.js';
import { BalancerLog } from '../../src/probes/balancer-log.js';
import type { Facts } from '../../src/probes/index.js';
import { findingOf, NOW, outcomeOf, reading } from '../builders/readings.js';
import { answer } from '../diagnosis/situation.js';
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
const pool = (fact: Facts['balancerMembers']): Reading =>
  reading('balancerMembers', fact, { kind: 'balancer', name: 'shop' });
const balancer: Facts['balancerMembers'] = {
  fullFrontends: [],
  closedFrontends: [],
  rejectingFrontends: [],
  monitoringFrontends: [],
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
      takenOutByAnswers: 0,
      weight: 1,
    },
  ],
};
const members = pool(balancer);
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

describe('of two hosts', () => {
  const two = { ...given, hosts: ['web-1', 'web-2'] };
  const on = (name: string) => ({ kind: 'host', name }) as const;
  const [member] = balancer.members;
  const rows = (...over: Partial<typeof member>[]) =>
    pool({
      ...balancer,
      members: over.map((each, place) => ({
        ...member!,
        ...{ name: `web-${String(place + 1)}`, address: `10.0.0.1${String(place + 1)}:80` },
        ...each,
      })),
    });
  const up = { status: 'UP', checkStatus: 'L4OK', lastCheck: null };

  it('the one whose journal tells why nginx does not start is named, with its own words', () => {
    const emerg = 'nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)';
    const line = `2026-11-27T17:36:36.118204+00:00 web-2 nginx[1660]: ${emerg}`;
    const apps = two.hosts.flatMap((name) => app.map((each) => ({ ...each, target: on(name) })));
    const said = (message: string, process = 'nginx') => ({
      ...{ at: '2026-11-22T09:59:30.000Z', process, pid: 1660, message },
      line: message === emerg ? line : message,
    });
    const journal = (...lines: ReturnType<typeof said>[]) => reading('hostJournal', lines, on('web-2'));
    const summing = said('nginx: [emerg] still could not bind()');
    const judge = (seen: Reading) => findingOf(memberUnreachable, two, [rows({}, {}), ...apps, seen]);
    const finding = judge(journal(said(emerg), summing));
    expect(finding).toMatchObject({ cause: 'not-started', confidence: 'confirmed' });
    expect(finding.summary).toContain('the proxy does not listen on port 80 of web-2');
    expect(finding.summary).toContain(emerg);
    expect(finding.evidence.map(({ excerpt }) => excerpt)).toContain(line);
    const stopped = said('Stopped nginx.service - A high performance web server.', 'systemd');
    expect(judge(journal(said(emerg), summing, stopped)).summary).not.toContain('emerg');
  });

  it.each([
    ['is a host', { name: 'web-2' }, 'not-started', 'web-2 answers neither'],
    [
      'is none of them, and may never have been there',
      { name: 'old', address: '10.0.0.99:80' },
      'routing',
      'old (10.0.0.99:80), which is none of the hosts, does not answer HAProxy',
    ],
  ])('a member that says nothing %s', (_name, over, cause, words) => {
    const silent = { checkStatus: 'L4TOUT', lastCheck: null, ...over };
    const finding = findingOf(memberUnreachable, two, [rows(up, silent)]);
    expect(finding).toMatchObject({ cause, confidence: 'possible' });
    expect(finding.summary).toContain(words);
  });

  const asked = reading(
    'memberAnswer',
    { members: [{ name: 'web-2', address: '10.0.0.12:80', answer: answer(null) }] },
    { kind: 'balancer', name: 'shop' },
  );
  const logged = reading(
    'balancerLog',
    BalancerLog.parse({
      ...{ readFrom: 'journal', served: 9, unreadable: 0 },
      failed: [
        {
          ...{ at: NOW, ageSeconds: 4, frontend: 'public', backend: 'shop', server: 'web-2' },
          ...{ timers: { request: 0, queue: 0, connect: -1, response: -1, total: 3005 }, status: 503 },
          ...{ state: 'SC--', retries: 3, queued: { member: 0, pool: 0 }, request: 'GET / HTTP/1.1' },
          line: 'public shop/web-2 0/0/-1/-1/3005 503 217 - - SC-- 1/1/0/0/3 0/0 "GET / HTTP/1.1"',
        },
      ],
    }),
    { kind: 'balancer', name: 'shop' },
  );
  it.each([
    ['it goes on to send requests there, by its log as well', up, [asked, logged], 'likely'],
    ['it goes on to send requests there, by our question alone', up, [asked], 'possible'],
    ['its check sees it, and keeps users away', {}, [asked], 'possible'],
  ])('one does not let HAProxy in, while the other serves: %s', (_name, state, seen, confidence) => {
    const apps = app.map((each) => ({ ...each, target: on('web-2') }));
    expect(findingOf(memberUnreachable, two, [rows(up, state), ...apps, ...seen])).toMatchObject({
      confidence,
      summary: expect.stringContaining('1 of 2 members') as string,
    });
  });
});

describe('HAProxy cannot even begin a connection', () => {
  const [member] = balancer.members;
  it.each([
    ["can't bind to source address (Cannot assign requested address)", 'routing'],
    ['Out of local source ports on the system (Cannot assign requested address)', 'overload'],
    ['Too many sockets on the process (Too many open files)', 'overload'],
  ])('%s', (lastCheck, cause) => {
    const seen = pool({ ...balancer, members: [{ ...member!, lastCheck }] });
    const finding = findingOf(memberUnreachable, given, [seen, ...app]);
    expect(finding).toMatchObject({ cause, confidence: 'confirmed' });
    expect(finding.summary).toBe(`HAProxy cannot open a connection to 1 of 1 member: ${lastCheck}`);
  });
});

describe('members that want TLS', () => {
  const [member] = balancer.members;
  const lost = pool({
    ...balancer,
    members: [{ ...member!, checkStatus: 'L6RSP', lastCheck: 'SSL handshake failure' }],
  });
  const asked = (status: number, body: string): Reading =>
    reading(
      'memberAnswer',
      { members: [{ name: 'web-1', address: '10.0.0.11:443', answer: answer(status, { body }) }] },
      { kind: 'balancer', name: 'shop' },
    );
  const WANTS = '<center>The plain HTTP request was sent to HTTPS port</center>';

  it('are lost to a HAProxy that does not agree on it with them', () => {
    const finding = findingOf(memberUnreachable, given, [lost, asked(400, WANTS), ...app]);
    expect(finding).toMatchObject({ cause: 'routing', confidence: 'likely' });
    expect(finding.summary).toContain('no TLS handshake with 1 of 1 member (L6RSP SSL handshake failure)');
  });
  it('are none where a plain request is served: only the check speaks TLS', () => {
    expect(outcomeOf(memberUnreachable, given, [lost, asked(200, 'ok'), ...app]).status).toBe('passed');
  });
});

describe('members that are none of the hosts, by name or address', () => {
  const { proxy: _proxy, ...unproxied } = given;
  const two = { ...unproxied, hosts: ['web-1', 'web-2'] };
  const [member] = balancer.members;
  const strange = pool({
    ...balancer,
    members: ['desk1', 'desk2'].map((name, place) => ({
      ...member!,
      ...{ name, address: `10.0.0.3${String(place)}:8000` },
    })),
  });
  const apps = (status: number): Reading[] =>
    two.hosts.map((name) => reading('appAnswer', answer(status), { kind: 'host', name }));

  it('lead to other machines, while the app answers on each of its hosts', () => {
    const finding = findingOf(memberUnreachable, two, [strange, ...apps(200)]);
    expect(finding).toMatchObject({ cause: 'routing', confidence: 'likely' });
    expect(finding.summary).toContain('desk1 is 10.0.0.30:8000, where nobody takes connections');
  });
  it('tell nothing behind a proxy, or where one of them is a host', () => {
    expect(outcomeOf(memberUnreachable, { ...two, proxy: given.proxy }, [strange, ...apps(200)]).status).toBe(
      'passed',
    );
    const known = { ...two, hosts: ['web-1', 'desk2'] };
    const heard = known.hosts.map((name) =>
      reading('appAnswer', answer(200), { kind: 'host', name } as const),
    );
    const finding = outcomeOf(memberUnreachable, known, [strange, ...heard]);
    expect(JSON.stringify(finding)).not.toContain('desk1 is');
  });
  it('tell nothing where the app does not answer either, or was not heard on each host', () => {
    for (const seen of [apps(503), apps(200).slice(1)])
      expect(outcomeOf(memberUnreachable, two, [strange, ...seen]).status).toBe('passed');
  });
});

describe('HAProxy alone gets no connection', () => {
  const [member] = balancer.members;
  const up = pool({ ...balancer, members: [{ ...member!, status: 'no check', checkStatus: null }] });
  const line = (ageSeconds: number, state = 'sC--'): Facts['balancerLog']['failed'][number] => ({
    ...{ at: '2026-11-26T07:55:10.000Z', ageSeconds, frontend: 'public', backend: 'shop', server: 'web-1' },
    ...{ timers: { request: 0, queue: 4002, connect: -1, response: -1, total: 6004 }, status: 503, state },
    ...{ retries: 2, queued: { member: 0, pool: 0 }, request: 'GET / HTTP/1.1', line: 'shop/web-1 503 sC--' },
  });
  const log = (failed: readonly ReturnType<typeof line>[], served = 0): Reading =>
    reading(
      'balancerLog',
      {
        ...{
          readFrom: 'journal',
          served,
          failed: [...failed],
          changes: [],
          unreadable: 0,
          servedSince: 0,
          retriedSince: 0,
          clients: null,
          isCut: false,
        },
        spans: [{ ageSeconds: 12, served, unavailable: failed.length }],
      },
      { kind: 'balancer', name: 'shop' },
    );
  const asked = (firstByteMs: number): Reading =>
    reading(
      'memberAnswer',
      { members: [{ name: 'web-1', address: '10.0.0.11:80', answer: { ...answers, firstByteMs } }] },
      { kind: 'balancer', name: 'shop' },
    );
  const users = (status: number): Reading =>
    reading('publicAnswer', { answers: [answer(status)] }, { kind: 'service', name: 'shop' });
  const now = [line(21), line(15), line(9)];

  it('though the same request from its own host is answered: it speaks otherwise to its members', () => {
    const finding = findingOf(memberUnreachable, given, [up, ...app, log(now), asked(80), users(503)]);
    expect(finding).toMatchObject({ cause: 'routing', confidence: 'likely' });
    expect(finding.summary).toContain('HAProxy gets no connection to 1 of 1 member, though each answers');
  });

  it('though others failed otherwise before', () => {
    const before = log([line(28, '----'), ...now]);
    const finding = findingOf(memberUnreachable, given, [up, ...app, before, asked(80), users(503)]);
    expect(finding).toMatchObject({ confidence: 'likely' });
  });

  it('is a hint only where others are served meanwhile', () => {
    const finding = findingOf(memberUnreachable, given, [up, ...app, log(now, 9), asked(80), users(503)]);
    expect(finding).toMatchObject({ confidence: 'possible' });
  });

  it.each([
    ['users are served', [log(now), asked(80), users(200)]],
    ['the member is late for everybody', [log(now), asked(1800), users(503)]],
    ['others of its requests got there', [log([...now, line(3, '----')]), asked(80), users(503)]],
    ['it was before', [log([line(80), line(70), line(60)]), asked(80), users(503)]],
    ['it was twice', [log([line(15), line(9)]), asked(80), users(503)]],
  ])('is not said where %s', (_name, seen) => {
    expect(outcomeOf(memberUnreachable, given, [up, ...app, ...seen]).status).toBe('passed');
  });
});
