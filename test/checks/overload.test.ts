import { describe, expect, it } from 'vitest';
import { acceptQueueFull } from '../../src/checks/accept-queue-full.js';
import { cpuSaturated } from '../../src/checks/cpu-saturated.js';
import type { Check } from '../../src/checks/define-check.js';
import { diskFull } from '../../src/checks/disk-full.js';
import { fileDescriptorsExhausted } from '../../src/checks/file-descriptors-exhausted.js';
import { kernelTableFull } from '../../src/checks/kernel-table-full.js';
import { memoryExhausted } from '../../src/checks/memory-exhausted.js';
import { workersBusy } from '../../src/checks/workers-busy.js';
import type { Facts } from '../../src/probes/index.js';
import { judged } from '../builders/judged.js';
import { recorded } from '../builders/recorded.js';
import { answer } from '../diagnosis/situation.js';
import { service } from '../helpers/service.js';

const facts = (name: string) => ({
  listenSockets: recorded('listenSockets', name),
  unitProcesses: recorded('unitProcesses', name),
  workerSockets: recorded('workerSockets', name),
});
const NOW = '2026-11-22T10:44:00.000Z';
const HALF_A_MINUTE_AGO = '2026-11-22T10:43:30.000Z';
const AN_HOUR_AGO = '2026-11-22T09:44:00.000Z';
const line = (message: string, at = '2026-11-22T10:40:00.000Z') => ({
  at,
  process: 'kernel',
  pid: null,
  message,
  line: `${at} web-1 kernel: ${message}`,
});

describe('a healthy host', () => {
  const healthy = {
    ...facts('healthy'),
    diskSpace: recorded('diskSpace', 'healthy'),
    kernelTables: recorded('kernelTables', 'healthy'),
    memory: recorded('memory', 'healthy'),
  };
  it.each([
    acceptQueueFull,
    diskFull,
    fileDescriptorsExhausted,
    kernelTableFull,
    memoryExhausted,
    workersBusy,
  ])('passes $id with numbers', (check) => {
    expect(judged(check, healthy)).toMatchObject({
      status: 'passed',
      summary: expect.stringMatching(/\d/) as string,
    });
  });
});

describe('workers-busy and accept-queue-full', () => {
  it('name the peer that the workers wait for, and never confirm overload', () => {
    expect(judged(workersBusy, facts('workers-waiting'))).toMatchObject({
      status: 'failed',
      cause: 'dependency',
      confidence: 'likely',
      summary: expect.stringMatching(
        /^3 of 3 workers in a request, CPU 0 % .*3 wait for an answer of 127.0.0.1:6390$/,
      ) as string,
    });
    expect(judged(acceptQueueFull, facts('workers-waiting'))).toMatchObject({ confidence: 'likely' });
  });

  it('confirm overload where the workers compute', () => {
    expect(
      judged(workersBusy, {
        ...facts('workers-burning'),
        cpuPressure: recorded('cpuPressure', 'workers-burning'),
      }),
    ).toMatchObject({
      confidence: 'confirmed',
      summary: expect.stringContaining('they compute') as string,
    });
    expect(judged(acceptQueueFull, facts('workers-burning'))).toMatchObject({ confidence: 'confirmed' });
  });

  it('say so where the workers neither compute nor wait for a connection', () => {
    expect(judged(workersBusy, facts('workers-sleeping'))).toMatchObject({
      cause: 'overload',
      confidence: 'likely',
      summary: expect.stringContaining('hung') as string,
    });
  });

  it('go by the login where processes may not be looked into', () => {
    expect(judged(workersBusy, facts('workers-waiting-unprivileged'))).toMatchObject({
      cause: 'dependency',
      summary: expect.stringContaining('127.0.0.1:6390') as string,
    });
  });

  it('look at the socket that nginx names, behind whose port the workers stand', () => {
    const { listenSockets, unitProcesses } = facts('workers-sleeping');
    const [any] = listenSockets;
    if (any === undefined) throw new Error('nothing listens');
    const path = '/run/api/php.sock';
    const behind = { ...any, kind: 'unix' as const, address: path, port: null, queued: 20, queuedAgain: 20 };
    const idle = listenSockets.map((socket) => ({ ...socket, queued: 0, queuedAgain: 0 }));
    const late = (upstream: string): Facts['proxyLog'] => ({
      path: '/var/log/nginx/error.log',
      lines: [
        {
          ...{
            at: NOW,
            ageSeconds: 3,
            level: 'error',
            kind: 'upstream-timeout',
            zone: null,
            client: '10.0.0.9',
          },
          ...{ upstream, line: `upstream timed out, upstream: "${upstream}", host: "api.test"` },
        },
      ],
    });
    const silent = answer(null, { failure: { rung: 'answer', kind: 'timeout', message: 'no answer' } });
    const judge = (proxyLog: Facts['proxyLog'], appAnswer = silent) =>
      judged(
        workersBusy,
        { unitProcesses, listenSockets: [...idle, behind], proxyLog, appAnswer },
        { service: service('api', { url: 'http://api.test/' }) },
      );
    expect(judge(late(`fastcgi://unix:${path}:`))).toMatchObject({
      status: 'failed',
      summary: expect.stringContaining('20 connections waiting') as string,
    });
    expect(judge(late('fastcgi://unix:/run/other.sock:'))).toMatchObject({ status: 'passed' });
    expect(judge(late(`fastcgi://unix:${path}:`), answer(503))).toMatchObject({ status: 'passed' });
  });

  it('do not count a burst that is gone at the second sample', () => {
    const { listenSockets, ...rest } = facts('workers-burning');
    const burst = { ...rest, listenSockets: listenSockets.map((socket) => ({ ...socket, queuedAgain: 0 })) };
    expect(judged(acceptQueueFull, burst)).toMatchObject({ status: 'passed' });
  });
});

type Threshold = [string, Check, Parameters<typeof judged>[1], object];
const THRESHOLDS: Threshold[] = [
  [
    'CPU pressure with a queue',
    cpuSaturated,
    {
      cpuPressure: { ...recorded('cpuPressure', 'healthy'), some: { avg10: 62, avg60: 41, avg300: 20 } },
      unitProcesses: recorded('unitProcesses', 'workers-burning'),
      listenSockets: recorded('listenSockets', 'workers-burning'),
    },
    { status: 'failed', confidence: 'confirmed', workers: 'compute' },
  ],
  [
    'CPU pressure and a queue before workers of unknown kind',
    cpuSaturated,
    {
      cpuPressure: { ...recorded('cpuPressure', 'healthy'), some: { avg10: 62, avg60: 41, avg300: 20 } },
      listenSockets: recorded('listenSockets', 'workers-burning'),
    },
    { status: 'failed', confidence: 'likely' },
  ],
  [
    'CPU pressure of a neighbour while the workers sleep',
    cpuSaturated,
    {
      cpuPressure: { ...recorded('cpuPressure', 'healthy'), some: { avg10: 62, avg60: 41, avg300: 20 } },
      unitProcesses: recorded('unitProcesses', 'workers-waiting'),
      listenSockets: recorded('listenSockets', 'workers-waiting'),
    },
    { status: 'failed', confidence: 'possible' },
  ],
  [
    'sleeping workers that wait for a core most of the time',
    cpuSaturated,
    {
      cpuPressure: { ...recorded('cpuPressure', 'healthy'), some: { avg10: 62, avg60: 41, avg300: 20 } },
      unitProcesses: {
        ...recorded('unitProcesses', 'workers-waiting'),
        processes: recorded('unitProcesses', 'workers-waiting').processes.map((process) => ({
          ...process,
          delayShare: 0.8,
        })),
      },
      listenSockets: recorded('listenSockets', 'workers-waiting'),
    },
    { status: 'failed', confidence: 'confirmed', workers: 'starve' },
  ],
  [
    'CPU pressure without a queue',
    cpuSaturated,
    {
      cpuPressure: { ...recorded('cpuPressure', 'healthy'), some: { avg10: 62, avg60: 41, avg300: 20 } },
      listenSockets: recorded('listenSockets', 'healthy'),
    },
    { status: 'failed', confidence: 'likely' },
  ],
  [
    'a short peak of CPU pressure',
    cpuSaturated,
    {
      cpuPressure: {
        ...recorded('cpuPressure', 'healthy'),
        some: { avg10: 62, avg60: 12, avg300: 3 },
        steal: 0,
      },
    },
    { status: 'passed' },
  ],
  [
    'an OOM kill of the unit',
    memoryExhausted,
    {
      memory: recorded('memory', 'healthy'),
      unitState: { ...recorded('unitState', 'failed-exit'), result: 'oom-kill' },
    },
    {
      status: 'failed',
      confidence: 'confirmed',
      summary: expect.stringContaining('killed exit1.service') as string,
    },
  ],
  [
    'an OOM kill a second after the start',
    memoryExhausted,
    {
      memory: recorded('memory', 'healthy'),
      unitState: {
        ...recorded('unitState', 'failed-exit'),
        result: 'oom-kill',
        execMainStartAt: '2026-11-22T10:40:00.000Z',
        execMainExitAt: '2026-11-22T10:40:01.000Z',
      },
    },
    { status: 'failed', cause: 'not-started' },
  ],
  [
    'an OOM kill after a minute of service',
    memoryExhausted,
    {
      memory: recorded('memory', 'healthy'),
      unitState: {
        ...recorded('unitState', 'failed-exit'),
        result: 'oom-kill',
        execMainStartAt: '2026-11-22T10:40:00.000Z',
        execMainExitAt: '2026-11-22T10:41:00.000Z',
      },
    },
    { status: 'failed', cause: 'overload' },
  ],
  [
    'an OOM kill of somebody',
    memoryExhausted,
    {
      memory: recorded('memory', 'healthy'),
      hostJournal: [line('Out of memory: Killed process 7 (java)')],
    },
    { status: 'failed', confidence: 'likely', since: '2026-11-22T10:40:00.000Z' },
  ],
  [
    'an OOM kill of yesterday',
    memoryExhausted,
    {
      memory: recorded('memory', 'healthy'),
      hostJournal: [line('Out of memory: Killed process 7 (java)', '2026-11-21T10:40:00.000Z')],
    },
    { status: 'passed' },
  ],
  [
    'hardly any memory',
    memoryExhausted,
    { memory: { ...recorded('memory', 'healthy'), availableBytes: 1_000_000 } },
    { status: 'failed', confidence: 'likely' },
  ],
  [
    'full file systems',
    diskFull,
    { diskSpace: recorded('diskSpace', 'full') },
    {
      status: 'failed',
      confidence: 'possible',
      summary: expect.stringContaining('0 inodes free on /var/spool/many') as string,
    },
  ],
  [
    'a full root file system',
    diskFull,
    {
      diskSpace: recorded('diskSpace', 'healthy').map((disk) => ({
        ...disk,
        usedShare: 1,
        availableBytes: 0,
      })),
    },
    { status: 'failed', confidence: 'likely' },
  ],
  [
    'room, and the app was told just now that there is none',
    diskFull,
    {
      diskSpace: recorded('diskSpace', 'healthy'),
      unitJournal: { unit: 'api.service', lines: [line('visits: [Errno 28] No space left on device', NOW)] },
    },
    { status: 'failed', confidence: 'likely' },
  ],
  ...(
    [
      ['the run before was told so', { restarts: 0 }, 'passed'],
      ['it starts by itself again and again', { restarts: 3 }, 'failed'],
      ['it does not run', { restarts: 0, activeState: 'failed' }, 'failed'],
      ['this run was told so', { restarts: 0, execMainStartAt: AN_HOUR_AGO }, 'failed'],
    ] as const
  ).map(([name, unit, status]): Threshold => [
    `room, and ${name}`,
    diskFull,
    {
      diskSpace: recorded('diskSpace', 'healthy'),
      unitJournal: {
        unit: 'api.service',
        lines: [line('visits: [Errno 28] No space left on device', HALF_A_MINUTE_AGO)],
      },
      unitState: { ...recorded('unitState', 'healthy'), execMainStartAt: NOW, ...unit },
    },
    { status },
  ]),
  ...[
    'cache: MISCONF Errors writing to the AOF file: No space left on device',
    'could not extend file "base/16384/2619": No space left on device',
    'database: could not resize shared memory segment "/PostgreSQL.1522304114" to 178336 bytes: No space left on device',
  ].map((words): Threshold => [
    `room, and somebody else has none: ${words}`,
    diskFull,
    {
      diskSpace: recorded('diskSpace', 'healthy'),
      unitJournal: { unit: 'api.service', lines: [line(words, NOW)] },
    },
    { status: 'passed' },
  ]),
  [
    'a full conntrack table',
    kernelTableFull,
    {
      kernelTables: { ...recorded('kernelTables', 'healthy'), conntrack: { used: 262_000, limit: 262_144 } },
    },
    { status: 'failed', confidence: 'likely' },
  ],
  [
    'a full conntrack table that the kernel tells of',
    kernelTableFull,
    {
      kernelTables: recorded('kernelTables', 'healthy'),
      hostJournal: [line('nf_conntrack: nf_conntrack: table full, dropping packet')],
    },
    { status: 'failed', confidence: 'confirmed' },
  ],
  [
    'used up files',
    fileDescriptorsExhausted,
    {
      unitProcesses: {
        ...recorded('unitProcesses', 'healthy'),
        processes: recorded('unitProcesses', 'healthy').processes.map((process) => ({
          ...process,
          openFiles: 1020,
        })),
      },
    },
    {
      status: 'failed',
      confidence: 'likely',
      summary: expect.stringContaining('1020 of 1024 files open') as string,
    },
  ],
];

describe('thresholds', () => {
  it.each(THRESHOLDS)('%s', (_name, check, given, expected) => {
    expect(judged(check, given, { now: NOW })).toMatchObject(expected);
  });
});
