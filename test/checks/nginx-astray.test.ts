import { describe, expect, it } from 'vitest';
import {
  notBegun,
  passedElsewhere,
  shutOut,
  waitsForProxyLine,
} from '../../src/checks/evidence/nginx-astray.js';
import { givenUp } from '../../src/checks/evidence/nginx-given-up.js';
import { wrongUpstream } from '../../src/checks/wrong-upstream.js';
import type { Observed } from '../../src/checks/define-check.js';
import type { ProxyLog } from '../../src/probes/proxy-log.js';
import { NOW, outcomeOf, reading } from '../builders/readings.js';
import { answer } from '../diagnosis/situation.js';
import { service } from '../helpers/service.js';

const given = service('shop', { health: 'http://127.0.0.1:8000/health', url: 'http://shop.test/' });
const WORDS = 'bind(192.0.2.77) failed (99: Cannot assign requested address)';
const log = (upstream: string, host: string, over: Partial<ProxyLog['lines'][number]> = {}) => {
  const line = {
    ...{ at: NOW, ageSeconds: 1, level: 'crit', kind: 'upstream-not-begun' as const, zone: null },
    ...{ client: '10.0.0.9', upstream },
    line: `[crit] 12#12: *85 ${WORDS} while connecting to upstream, client: 10.0.0.9, upstream: "${upstream}", host: "${host}"`,
    ...over,
  };
  const seen: Observed<ProxyLog> = {
    fact: { path: '/var/log/nginx/error.log', lines: [line] },
    ...{ target: { kind: 'host', name: 'web-1' }, via: 'web-1', source: 'tail', at: NOW },
  };
  return [seen];
};

describe('a request that nginx does not begin', () => {
  it.each([
    ['to the port of the app', log('http://127.0.0.1:8000/', 'other.test')],
    ['for the name that users ask', log('https://10.0.0.5:8443/', 'shop.test')],
  ])('%s is a way that is wrong, in the words of nginx', (_name, logs) => {
    expect(notBegun(logs, given)).toMatchObject({
      ...{ status: 'failed', confidence: 'likely' },
      summary: expect.stringContaining(WORDS) as string,
    });
  });

  it.each([
    ['of another service of the same nginx', log('http://127.0.0.1:9100/', 'other.test')],
    [
      'of nobody, as where nginx asks for a certificate’s status',
      log('http://127.0.0.1:8000/', 'shop.test', { client: null }),
    ],
    ['of a minute ago', log('http://127.0.0.1:8000/', 'shop.test', { ageSeconds: 61 })],
  ])('%s tells nothing', (_name, logs) => {
    expect(notBegun(logs, given)).toBeNull();
  });
});

const balancer = { kind: 'balancer', name: 'shop' } as const;
const row = {
  ...{ name: 'local', status: 'DOWN', queued: 0, queuedMax: 0, sessions: 0, sessionLimit: null },
  ...{
    responses5xx: 0,
    connectionErrors: 0,
    lastChangeSeconds: 16,
    downTransitions: 1,
    active: 1,
    weight: 1,
  },
  ...{ address: '127.0.0.1:80', checkStatus: 'L7STS', checkCode: 503, lastCheck: null, checkDurationMs: 1 },
  ...{ failedChecks: 2, takenOutByAnswers: 0, line: 'shop,local,DOWN' },
};
const POOL = {
  ...{ fullFrontends: [], closedFrontends: [], rejectingFrontends: [], monitoringFrontends: [] },
  ...{ answeredFrom: 'socket' as const, pool: { ...row, name: 'BACKEND' }, members: [row] },
};

describe('a request that nginx passes to another port', () => {
  const host = { kind: 'host', name: 'local' } as const;
  const refused = (upstream: string, name = 'shop.test', ageSeconds = 1) =>
    log(upstream, name, {
      ...{ level: 'error', kind: 'upstream-refused', ageSeconds },
      line: `2026/11/26 01:19:55 [error] 3289#3289: *1107 connect() failed (111: Connection refused) while connecting to upstream, client: 10.203.0.10, server: shop.test, request: "GET / HTTP/1.1", upstream: "${upstream}", host: "${name}"`,
    });
  const OTHER_PORT = 'http://127.0.0.1:8010/';
  const SOCKET = 'http://unix:/run/shop/web.sock:/';
  const judge = (status: number, [seen]: readonly Observed<ProxyLog>[]) =>
    outcomeOf(wrongUpstream, given, [
      reading('publicAnswer', { answers: [answer(503)] }, { kind: 'service', name: 'shop' }),
      reading('appAnswer', answer(status), host),
      reading('proxyLog', seen!.fact, host),
    ]);

  it.each([
    ['for sure, where the app serves', 200, refused(OTHER_PORT), 'confirmed'],
    ['for sure, where the app serves, to a socket', 200, refused(SOCKET), 'confirmed'],
    ['likely, where the app does not serve either', 503, refused(OTHER_PORT), 'likely'],
  ])('is astray: %s', (_how, status, logs, confidence) => {
    const summary = expect.stringContaining('the service listens on port 8000 of the host itself') as string;
    expect(judge(status, logs)).toMatchObject({ status: 'failed', finding: { confidence, summary } });
  });

  it.each([
    ['the app does not serve either, and its socket may be missed for a moment', 503, refused(SOCKET)],
    ['the app does not serve either, and it was before', 503, refused(OTHER_PORT, 'shop.test', 31)],
    ['it is for another site, beside a sick app', 503, refused(OTHER_PORT, 'desk.test')],
  ])('is not told where %s', (_why, status, logs) => {
    expect(judge(status, logs)).toMatchObject({ status: 'passed' });
  });

  it('is over where the same nginx has come to the app since', () => {
    const [old] = refused(OTHER_PORT, 'shop.test', 15);
    const since = (ageSeconds: number) =>
      log('http://127.0.0.1:8000/', 'shop.test', { kind: 'upstream-timeout', ageSeconds })[0]!.fact.lines;
    const both = (ageSeconds: number) => [
      { ...old!, fact: { ...old!.fact, lines: [...old!.fact.lines, ...since(ageSeconds)] } },
    ];
    expect(judge(200, both(2))).toMatchObject({ finding: { confidence: 'possible' } });
    // By turns: two servers of one upstream.
    expect(judge(200, both(13))).toMatchObject({ finding: { confidence: 'confirmed' } });
  });

  it.each([
    ['is over', 27, { status: 'passed' }],
    ['goes wrong by turns where it has just said so', 2, { finding: { confidence: 'confirmed' } }],
  ])('%s where that nginx serves the users’ request now (%i s)', (_how, ageSeconds, expected) => {
    const [log] = refused(OTHER_PORT, 'shop.test', ageSeconds);
    const judged = (status: number, ...members: (typeof row)[]) =>
      outcomeOf(wrongUpstream, given, [
        reading('publicAnswer', { answers: [answer(503)] }, { kind: 'service', name: 'shop' }),
        reading('appAnswer', answer(200), host),
        reading('proxyLog', log!.fact, host),
        reading('balancerMembers', { ...POOL, members: members.length > 0 ? members : [row] }, balancer),
        reading(
          'memberAnswer',
          { members: [{ name: 'local', address: '127.0.0.1:80', answer: answer(status) }] },
          balancer,
        ),
      ]);
    expect(judged(200)).toMatchObject(expected);
    const sure = { finding: { confidence: 'confirmed' } };
    // What nginx answers itself was led nowhere.
    for (const status of [301, 400, 404, 502]) expect(judged(status)).toMatchObject(sure);
    // The check may ask for another page, which still goes astray; and a second member of the host was not asked.
    expect(judged(200, { ...row, checkCode: 502 })).toMatchObject(sure);
    expect(judged(200, row, { ...row, name: 'second' })).toMatchObject(sure);
  });

  it('to a name without address may be told by one worker of nginx while another serves', () => {
    const [log] = refused(OTHER_PORT, 'shop.test', 27);
    const line = '[error] 7#7: *3 app.internal could not be resolved (3: Host not found), client: 10.0.0.9';
    const unresolved = { ...log!.fact.lines[0]!, kind: 'upstream-unresolved' as const, upstream: null, line };
    const outcome = outcomeOf(wrongUpstream, given, [
      reading('publicAnswer', { answers: [answer(503)] }, { kind: 'service', name: 'shop' }),
      reading('appAnswer', answer(200), host),
      reading('proxyLog', { ...log!.fact, lines: [unresolved] }, host),
      reading('balancerMembers', POOL, balancer),
      reading(
        'memberAnswer',
        { members: [{ name: 'local', address: '127.0.0.1:80', answer: answer(200) }] },
        balancer,
      ),
    ]);
    const summary = expect.stringContaining('app.internal, for which it finds no address') as string;
    expect(outcome).toMatchObject({ finding: { confidence: 'likely', summary } });
  });

  it('is a hint where it has another name, which a balancer may give the users’ requests', () => {
    const summary = expect.stringContaining('nginx passes requests for desk.test to ') as string;
    expect(judge(200, refused(OTHER_PORT, 'desk.test'))).toMatchObject({
      finding: { confidence: 'possible', summary },
    });
  });

  it('may be for the service where nobody knows its name', () => {
    const { url: _url, ...unnamed } = given;
    expect(passedElsewhere(refused(OTHER_PORT, 'desk.test'), unnamed)).toMatchObject({ status: 'failed' });
  });
});

describe('a socket that nginx may not use', () => {
  const inner = (status: number) => ({
    ...{ target: { kind: 'host', name: 'web-1' } as const, via: 'web-1', source: 'curl', at: NOW },
    fact: { ...answer(status), body: status === 502 ? '<hr><center>nginx/1.22.1</center>' : 'no' },
  });
  const SOCKET = 'fastcgi://unix:/run/shop/php.sock:';
  const shut = (number: string, host = 'shop.test', ageSeconds = 1) =>
    log(SOCKET, host, {
      ...{ kind: 'upstream-unreachable', ageSeconds },
      line: `[crit] 12#12: *85 connect() to unix:/run/shop/php.sock failed (${number}) while connecting to upstream, client: 10.0.0.9, upstream: "${SOCKET}", host: "${host}"`,
    });

  it('is there, so that the way to it is wrong for sure', () => {
    expect(shutOut(shut('13: Permission denied'), [inner(502)], given)).toMatchObject({
      ...{ status: 'failed', confidence: 'confirmed' },
      summary: 'nginx may not use unix:/run/shop/php.sock, to which it passes requests: permission denied',
    });
  });

  it('is no matter where the app is heard', () => {
    expect(shutOut(shut('13: Permission denied'), [inner(503)], given)).toBeNull();
  });

  it('is told by nginx, not by what a client sends', () => {
    const forged = log('http://127.0.0.1:8000/', 'shop.test', {
      kind: 'upstream-unreachable',
      upstream: 'http://unix:/x:/',
      line: '[error] 1#1: *1 no, client: 10.0.0.9, host: "shop.test", referrer: "connect() failed (13: "',
    });
    expect(shutOut(forged, [inner(502)], given)).toBeNull();
  });

  it.each([
    ['is not there, or its queue is full', shut('11: Resource temporarily unavailable')],
    ['is asked for another service', shut('13: Permission denied', 'other.test')],
    ['was closed to it a minute ago', shut('13: Permission denied', 'shop.test', 61)],
  ])('tells nothing where it %s', (_why, logs) => {
    expect(shutOut(logs, [inner(502)], given)).toBeNull();
  });
});

describe('nginx that waits for a line of the PROXY protocol', () => {
  const waiting = (ageSeconds = 1) =>
    log('', '', {
      ...{ kind: 'proxy-line-missing', client: null, upstream: null, ageSeconds },
      line: '[error] 8606#8606: *6756 broken header: "GET / HTTP/1.1',
    });
  const NAMES = ['web-1', 'web-2'];
  const from = { target: { kind: 'balancer', name: 'shop' } as const, via: 'lb-1', source: 'curl', at: NOW };
  const asked = (...kinds: ('reset' | 'refused' | null)[]) => [
    {
      ...from,
      fact: {
        members: NAMES.map((name, index) => {
          const kind = kinds[index] ?? null;
          const failure = kind === null ? null : { rung: 'answer' as const, kind, message: kind };
          return { name, address: `${name}:80`, answer: { ...answer(kind === null ? 200 : null), failure } };
        }),
      },
    },
  ];
  const row = (name: string, status: string) => ({
    ...{ name, status, queued: 0, queuedMax: 0, sessions: 0, sessionLimit: null, responses5xx: 0 },
    ...{ connectionErrors: 0, lastChangeSeconds: 7, downTransitions: 1, active: 1, line: name },
  });
  const checked = (...checks: string[]) => [
    {
      ...from,
      fact: {
        pool: row('BACKEND', 'DOWN'),
        members: NAMES.map((name, index) => ({
          ...row(name, checks[index] === 'L7OK' ? 'UP' : 'DOWN'),
          ...{ address: null, checkStatus: checks[index] ?? null, checkCode: null, lastCheck: null },
          ...{ checkDurationMs: 2, failedChecks: 3, takenOutByAnswers: 0, weight: 1 },
        })),
        ...{ fullFrontends: [], closedFrontends: [], rejectingFrontends: [], monitoringFrontends: [] },
        answeredFrom: 'socket' as const,
      },
    },
  ];
  const judge = (
    proxyLog: Observed<ProxyLog>[],
    ...seen: [ReturnType<typeof asked>, ReturnType<typeof checked>]
  ) => waitsForProxyLine({ proxyLog, memberAnswer: seen[0], balancerMembers: seen[1] });

  it.each([
    ['confirmed', asked('reset', 'reset'), checked('L7RSP', 'L7RSP')],
    ['likely', asked('reset', null), checked('L7RSP', 'L7OK')],
  ])('closes every connection, also of the check: %s', (confidence, answers, members) => {
    expect(judge(waiting(), answers, members)).toMatchObject({ ...{ status: 'failed', confidence } });
  });

  it.each([
    ['only we send no such line', waiting(), asked('reset', 'reset'), checked('L7OK', 'L7OK')],
    ['the check has another answer', waiting(), asked('reset', 'reset'), checked('L7STS', 'L7STS')],
    [
      'members answer: it is the line of another site',
      waiting(),
      asked(null, null),
      checked('L7RSP', 'L7RSP'),
    ],
    ['members refuse', waiting(), asked('refused', 'refused'), checked('L7RSP', 'L7RSP')],
    ['it was a minute ago', waiting(61), asked('reset', 'reset'), checked('L7RSP', 'L7RSP')],
  ])('tells nothing where %s', (_why, proxyLog, answers, members) => {
    expect(judge(proxyLog, answers, members)).toBeNull();
  });
});

describe('an app that nginx has given up', () => {
  const host = { kind: 'host' as const, name: 'web-1' };
  const app = (status: number): Observed<ReturnType<typeof answer>>[] => [
    { fact: answer(status), target: host, via: 'web-1', source: 'curl', at: NOW },
  ];
  type Line = [kind: 'upstream-refused' | 'upstream-timeout' | 'no-live-upstreams', ageSeconds: number];
  const linesOf = (port: number, given: readonly Line[]) => {
    const [seen] = log('http://shop_app/', 'shop.test');
    if (seen === undefined) throw new Error('no log');
    const [one] = seen.fact.lines;
    if (one === undefined) throw new Error('no line');
    const all = given.map(([kind, ageSeconds]) => ({
      ...{ ...one, kind, ageSeconds, level: 'error' },
      upstream: kind === 'no-live-upstreams' ? 'http://shop_app/' : `http://127.0.0.1:${String(port)}/`,
    }));
    return [{ ...seen, fact: { ...seen.fact, lines: all } }];
  };

  const lines = (...given: Line[]) => linesOf(8000, given);

  it('is asked no more for longer than nginx would wait by itself', () => {
    const logs = lines(['upstream-refused', 19], ['no-live-upstreams', 18], ['no-live-upstreams', 1]);
    expect(givenUp(logs, app(200), given)).toMatchObject({
      ...{ status: 'failed', confidence: 'likely' },
      summary: expect.stringContaining('since it failed 19 s ago') as string,
    });
  });

  it('is given up no more where nginx was reloaded since', () => {
    const logs = lines(['upstream-refused', 19], ['no-live-upstreams', 18], ['no-live-upstreams', 1]);
    const reloaded = logs.map((seen) => ({
      ...seen,
      fact: {
        ...seen.fact,
        lines: seen.fact.lines.map((each) => ({
          ...each,
          line: `2026/11/22 10:00:00 [error] ${each.kind === 'upstream-refused' ? '3483' : '5338'}#0: *1 …`,
        })),
      },
    }));
    expect(givenUp(reloaded, app(200), given)).toBeNull();
  });

  it('is another one where its port is another', () => {
    const logs = linesOf(9000, [
      ['upstream-refused', 19],
      ['no-live-upstreams', 18],
      ['no-live-upstreams', 1],
    ]);
    expect(givenUp(logs, app(200), given)).toBeNull();
  });

  it.each([
    ['tried a moment ago', lines(['upstream-refused', 6], ['no-live-upstreams', 1]), app(200)],
    [
      'never tried, for its places are taken (max_conns)',
      lines(['no-live-upstreams', 19], ['no-live-upstreams', 1]),
      app(200),
    ],
    [
      'tried long before its places were taken',
      lines(['upstream-refused', 90], ['no-live-upstreams', 19], ['no-live-upstreams', 1]),
      app(200),
    ],
    [
      'late, as an app whose places are taken',
      lines(['upstream-timeout', 19], ['no-live-upstreams', 18], ['no-live-upstreams', 1]),
      app(200),
    ],
    ['over by now', lines(['upstream-refused', 59], ['no-live-upstreams', 40]), app(200)],
    ['and does not serve', lines(['upstream-refused', 19], ['no-live-upstreams', 1]), app(503)],
  ])('is none where it was %s', (_why, logs, answers) => {
    expect(givenUp(logs, answers, given)).toBeNull();
  });
});
