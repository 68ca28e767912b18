import { describe, expect, it } from 'vitest';
import { neighbourUnitDown } from '../../src/checks/neighbour-unit-down.js';
import type { Facts } from '../../src/probes/index.js';
import { NOW, outcomeOf, reading } from '../builders/readings.js';
import { service } from '../helpers/service.js';

const HOSTS = ['web-1', 'web-2'];
const on = (name: string) => ({ kind: 'host', name }) as const;
const ago = (seconds: number): string => new Date(Date.parse(NOW) - seconds * 1000).toISOString();
const line = (process: string, message: string, seconds: number) => ({
  at: ago(seconds),
  process,
  pid: 1,
  message,
  line: `${ago(seconds)} host ${process}[1]: ${message}`,
});
const managerSaid = (host: string, ...said: [message: string, secondsAgo: number][]) =>
  reading(
    'hostJournal',
    said.map(([message, seconds]) => line('systemd', message, seconds)),
    on(host),
  );
const appSaid = (host: string, ...said: [message: string, secondsAgo: number][]) =>
  reading(
    'unitJournal',
    { unit: 'shop.service', lines: said.map(([message, seconds]) => line('gunicorn', message, seconds)) },
    on(host),
  );
const answered = (host: string, status: number, body = '') =>
  reading(
    'appAnswer',
    {
      request: 'GET / HTTP/1.1',
      status,
      reasonPhrase: null,
      headers: {},
      body,
      failure: null,
      firstByteMs: 12,
      certificateExpiresAt: null,
    } satisfies Facts['appAnswer'],
    on(host),
  );
type Readings = Parameters<typeof outcomeOf>[2];
const judge = (...readings: Readings) =>
  outcomeOf(neighbourUnitDown, service('shop', { hosts: HOSTS }), readings);
const everywhere = <T>(each: (host: string) => T): T[] => HOSTS.map(each);

const KILLED = "pricing.service: Failed with result 'signal'.";
const REFUSED = 'shop: prices: [Errno 111] Connection refused';

describe('neighbour-unit-down', () => {
  it('names the unit that failed on each sick host before the app lost somebody', () => {
    expect(
      judge(
        ...everywhere((host) => managerSaid(host, [KILLED, 40])),
        ...everywhere((host) => answered(host, 503, REFUSED)),
      ),
    ).toMatchObject({
      status: 'failed',
      finding: {
        cause: 'dependency',
        confidence: 'likely',
        since: ago(40),
        summary: expect.stringContaining('pricing.service is down') as string,
      },
    });
  });

  it('hints at it where only the log complains, for that complains of much', () => {
    expect(
      judge(
        ...everywhere((host) => managerSaid(host, [KILLED, 40])),
        ...everywhere((host) => answered(host, 503)),
        ...everywhere((host) => appSaid(host, [REFUSED, 10])),
      ),
    ).toMatchObject({ status: 'failed', finding: { confidence: 'possible' } });
  });

  it('knows a socket that is gone', () => {
    expect(
      judge(
        ...everywhere((host) => managerSaid(host, [KILLED, 40])),
        ...everywhere((host) => answered(host, 503, 'connect ENOENT /run/pricing.sock')),
      ),
    ).toMatchObject({ status: 'failed', finding: { confidence: 'likely' } });
  });

  it('knows lines of systemd on targets, and on units that have no description', () => {
    const around: [string, number][] = [
      ['Stopped target initrd.target - Initrd Default Target.', 300],
      ['Started pricing.service.', 200],
      [KILLED, 40],
    ];
    expect(
      judge(
        ...everywhere((host) => managerSaid(host, ...around)),
        ...everywhere((host) => answered(host, 503, REFUSED)),
      ),
    ).toMatchObject({ status: 'failed', finding: { since: ago(40) } });
  });

  it('is only a hint where somebody stopped the unit', () => {
    expect(
      judge(
        ...everywhere((host) => managerSaid(host, ['Stopped pricing.service - Price list of the day.', 40])),
        ...everywhere((host) => answered(host, 503, REFUSED)),
      ),
    ).toMatchObject({ status: 'failed', finding: { confidence: 'possible' } });
  });

  it('knows a unit that dies again and again, though it was just started', () => {
    const dies: [string, number][] = [50, 30, 10].flatMap((seconds) => [
      [KILLED, seconds],
      ['pricing.service: Scheduled restart job, restart counter is at 1.', seconds - 1],
      ['Started pricing.service - Price list of the day.', seconds - 2],
    ]);
    expect(
      judge(
        ...everywhere((host) => managerSaid(host, ...dies)),
        ...everywhere((host) => answered(host, 503, REFUSED)),
      ),
    ).toMatchObject({ status: 'failed', finding: { since: ago(50) } });
  });

  it.each<[string, Readings]>([
    [
      'an app that answers',
      [managerSaid('web-1', [KILLED, 40]), answered('web-1', 200), appSaid('web-1', [REFUSED, 10])],
    ],
    [
      'an app that complains of something else',
      [managerSaid('web-1', [KILLED, 40]), answered('web-1', 503, 'division by zero')],
    ],
    [
      'a complaint from before',
      [managerSaid('web-1', [KILLED, 5]), answered('web-1', 503), appSaid('web-1', [REFUSED, 10])],
    ],
    [
      'somebody on another host that the app names',
      [managerSaid('web-1', [KILLED, 40]), answered('web-1', 503, 'connect ECONNREFUSED 10.0.0.7:5672')],
    ],
    [
      'somebody whom curl or a driver of databases names',
      [
        managerSaid('web-1', [KILLED, 40]),
        answered(
          'web-1',
          503,
          'cURL error 7: Failed to connect to pay.internal port 443: Connection refused',
        ),
        managerSaid('web-2', [KILLED, 40]),
        answered('web-2', 503, 'Connection to db-1.internal:5432 refused: Connection refused'),
      ],
    ],
    [
      'a client that hung up',
      [
        managerSaid('web-1', [KILLED, 40]),
        answered('web-1', 503, 'Broken pipe [core/writer.c] during GET /'),
      ],
    ],
    [
      'a unit that systemd before 250 says to be up again, by its description',
      [
        managerSaid('web-1', [KILLED, 40], ['Started Price list of the day.', 30]),
        answered('web-1', 503, REFUSED),
      ],
    ],
    [
      'a oneshot that was restarted',
      [
        managerSaid(
          'web-1',
          ['Stopped nftables.service - nftables.', 40],
          ['Finished nftables.service - nftables.', 39],
        ),
        answered('web-1', 503, REFUSED),
      ],
    ],
    [
      'a unit that is down on one of the sick hosts alone',
      [
        managerSaid('web-1', [KILLED, 40]),
        managerSaid('web-2'),
        ...everywhere((host) => answered(host, 503, REFUSED)),
      ],
    ],
    [
      'a unit that is down where all is well',
      [
        ...everywhere((host) => managerSaid(host, [KILLED, 40])),
        answered('web-1', 503, REFUSED),
        answered('web-2', 200),
      ],
    ],
    [
      'a unit that is up again',
      [
        managerSaid('web-1', [KILLED, 40], ['Started pricing.service - Price list of the day.', 30]),
        answered('web-1', 503, REFUSED),
      ],
    ],
    [
      'a job that did not end well',
      [
        managerSaid(
          'web-1',
          ["backup.service: Failed with result 'exit-code'.", 40],
          ['Failed to start backup.service - Nightly backup.', 40],
        ),
        answered('web-1', 503, REFUSED),
      ],
    ],
    [
      'the unit of the service itself',
      [
        managerSaid('web-1', ["shop.service: Failed with result 'signal'.", 40]),
        answered('web-1', 503, REFUSED),
        appSaid('web-1', [REFUSED, 10]),
      ],
    ],
  ])('does not take %s for it', (_what, readings) => {
    expect(judge(...readings)).toMatchObject({ status: 'passed' });
  });
});
