import { describe, expect, it } from 'vitest';
import { tasksExhausted } from '../../src/checks/tasks-exhausted.js';
import type { Facts } from '../../src/probes/index.js';
import { NOW, outcomeOf, reading } from '../builders/readings.js';
import { service } from '../helpers/service.js';

const host = { kind: 'host', name: 'local' } as const;
const group = (tasks: number | null, tasksLimit: number | null) =>
  reading(
    'unitCgroup',
    {
      unit: 'shop.service',
      path: '/system.slice/shop.service',
      memoryBytes: null,
      memoryLimitBytes: null,
      oomKills: null,
      periods: null,
      throttledPeriods: null,
      cpuQuota: null,
      cpuSome: null,
      tasks,
      tasksLimit,
      lines: [`/sys/fs/cgroup/pids/system.slice/shop.service/pids.current:${String(tasks)}`],
    } satisfies Facts['unitCgroup'],
    host,
  );
const said = (message: string, secondsAgo: number) => {
  const at = new Date(Date.parse(NOW) - secondsAgo * 1000).toISOString();
  const line = { at, process: 'gunicorn', pid: 7, message, line: `${at} web-1 gunicorn[7]: ${message}` };
  return reading('unitJournal', { unit: 'shop.service', lines: [line] }, host);
};
const judge = (...readings: Parameters<typeof outcomeOf>[2]) =>
  outcomeOf(tasksExhausted, service('shop', { hosts: ['local'] }), readings);

describe('tasks-exhausted', () => {
  it('passes with numbers where there is room', () => {
    expect(judge(group(5, 4915))).toMatchObject({
      status: 'passed',
      summary: '5 of 4915 threads and processes in shop.service',
    });
    expect(judge(group(5, null))).toMatchObject({ status: 'passed' });
  });

  it('is sure where the group is full and the program was refused', () => {
    expect(judge(group(20, 20), said("RuntimeError: can't start new thread", 90))).toMatchObject({
      status: 'failed',
      finding: { confidence: 'confirmed', summary: expect.stringContaining('20 of 20') as string },
    });
  });

  it('is only a hint where nobody wanted one more', () => {
    expect(judge(group(20, 20))).toMatchObject({ finding: { confidence: 'possible' } });
  });

  it('takes the word of the program while it is fresh, and calls it over where there is room again', () => {
    const words = 'BlockingIOError: [Errno 11] Resource temporarily unavailable';
    expect(judge(group(12, 20), said(words, 10))).toMatchObject({ finding: { confidence: 'likely' } });
    expect(judge(group(12, 20), said(words, 300))).toMatchObject({ status: 'passed' });
  });
});
