import { describe, expect, it } from 'vitest';
import { judge } from '../../src/diagnosis/judge.js';
import type { Peers } from '../../src/model/explanation.js';
import { peerLines } from '../../src/model/explanation-words.js';
import type { Reading } from '../../src/model/reading.js';
import type { FactName, Facts } from '../../src/probes/index.js';
import { reading } from '../builders/readings.js';
import { recorded } from '../builders/recorded.js';
import { service } from '../helpers/service.js';
import { answer, refused } from './situation.js';

const NOW = '2026-11-22T10:00:00.000Z';
const HOSTS = ['api-1', 'api-2', 'api-3'];
const ago = (seconds: number): string => new Date(Date.parse(NOW) - seconds * 1000).toISOString();
const DAY = 86_400;

type HostWorld = { [N in FactName]?: Facts[N] };
const on = (host: string, facts: HostWorld): Reading[] =>
  (Object.entries(facts) as [FactName, never][]).map(([name, fact]) => ({
    ...reading(name, fact, { kind: 'host', name: host }, host),
    at: NOW,
  }));

const started = (seconds: number, over: Partial<Facts['unitState']> = {}): HostWorld => ({
  unitState: { ...recorded('unitState', 'healthy'), execMainStartAt: ago(seconds), ...over },
});
const release = (id: string): HostWorld => ({ release: { id, changedAt: null, lines: [id], around: [] } });

/** api-2 answers badly, the others well. */
const compare = (facts: Readonly<Record<string, HostWorld>>, hosts = HOSTS): Peers[] => {
  const readings = hosts.flatMap((host) =>
    on(host, { healthAnswer: host === 'api-2' ? refused : answer(200), ...facts[host] }),
  );
  const { peers = [] } = judge({
    service: service('api-prod', { hosts, unit: 'gunicorn' }),
    readings,
    hosts: hosts.map((name) => ({ name, reached: true })),
    now: NOW,
  });
  return peers;
};

describe('a sick host beside healthy ones', () => {
  it('differs in release and start time', () => {
    const peers = compare({
      'api-1': { ...release('v41'), ...started(9 * DAY) },
      'api-2': { ...release('v42'), ...started(720) },
      'api-3': { ...release('v41'), ...started(9 * DAY - 60) },
    });
    expect(peers).toEqual([
      {
        host: 'api-2',
        comparedWith: ['api-1', 'api-3'],
        differs: [
          { in: 'release', here: 'v42', peers: 'v41' },
          { in: 'start time', here: '12 min ago', peers: '9 days ago' },
        ],
        same: ['unit file'],
      },
    ]);
    expect(peerLines({ peers })).toEqual([
      {
        title: 'api-2 differs from healthy peers',
        text: 'release v42, not v41; start time 12 min ago, not 9 days ago',
      },
    ]);
  });

  it('does not differ by restarts of one rolling deployment', () => {
    const [peers] = compare({ 'api-1': started(1200), 'api-2': started(500), 'api-3': started(900) });
    expect(peers?.differs).toEqual([]);
    expect(peers?.same).toContain('start time');
  });

  it('says nothing where healthy hosts are not alike either', () => {
    const [peers] = compare({ 'api-1': release('v40'), 'api-2': release('v42'), 'api-3': release('v41') });
    expect(peers?.differs).toEqual([]);
    expect(peers?.same).not.toContain('release');
  });

  it('compares only what was read', () => {
    expect(compare({ 'api-2': release('v42') })).toMatchObject([{ host: 'api-2', differs: [] }]);
  });

  it('names a unit file that systemd has not read, limits and workers', () => {
    const [system] = recorded('diskSpace', 'healthy');
    const cgroup = recorded('unitCgroup', 'healthy');
    const processes = recorded('unitProcesses', 'healthy');
    const disk = (usedShare: number) =>
      system ? [{ ...system, mount: '/', usedShare, inodesUsedShare: 0 }] : [];
    const well: HostWorld = {
      ...started(9 * DAY),
      unitCgroup: { ...cgroup, memoryBytes: 1, memoryLimitBytes: null, periods: 4, cpuQuota: null },
      unitProcesses: processes,
      diskSpace: disk(0.5),
    };
    const [peers] = compare({
      'api-1': well,
      'api-2': {
        ...started(9 * DAY, { needsReload: true }),
        unitCgroup: { ...cgroup, memoryBytes: 1, memoryLimitBytes: 2 ** 28, periods: 4, cpuQuota: 0.5 },
        unitProcesses: {
          ...processes,
          processes: processes.processes.map((one) => ({ ...one, openFilesLimit: 64 })),
        },
        diskSpace: disk(0.99),
      },
      'api-3': { ...well, diskSpace: disk(0.6) },
    });
    expect(peers?.differs).toEqual([
      { in: 'unit file', here: 'changed since systemd read it', peers: 'as systemd read it' },
      { in: 'memory limit', here: '256 MiB', peers: 'none' },
      { in: 'CPU quota', here: '0.5 cores', peers: 'none' },
      { in: 'open files limit', here: '64', peers: expect.any(String) as string },
      { in: 'fullest disk', here: '/ 99 % used', peers: '/ 50 % used to / 60 % used' },
    ]);
    expect(peers?.same).toContain('workers');
  });

  it('has another clock', () => {
    const clock = (behindSeconds: number): HostWorld => ({
      hostClock: { now: ago(behindSeconds), uptimeSeconds: 40 * DAY },
    });
    const [peers] = compare({ 'api-1': clock(0), 'api-2': clock(840), 'api-3': clock(0) });
    expect(peers?.differs).toEqual([{ in: 'clock', here: '14 min behind', peers: 'right' }]);
  });

  it('is not compared where all fare alike', () => {
    expect(compare({}, ['api-1', 'api-3'])).toEqual([]);
    expect(compare({}, ['api-2'])).toEqual([]);
  });
});

it('hosts that differ alike share a line', () => {
  const differs = [{ in: 'release', here: 'v42', peers: 'v41' }];
  const peers = ['api-2', 'api-4'].map((host) => ({ host, comparedWith: ['api-1'], differs, same: [] }));
  expect(peerLines({ peers })).toEqual([
    { title: 'api-2, api-4 differ from healthy peers', text: 'release v42, not v41' },
  ]);
});
