import { describe, expect, it } from 'vitest';
import { loadingOf } from '../../src/checks/host/loading.js';
import type { Facts } from '../../src/probes/index.js';
import { recorded } from '../builders/recorded.js';
import { service } from '../helpers/service.js';

const NOW = '2026-11-22T10:44:00.000Z';
const given = service('shop', { health: 'http://127.0.0.1:8000/health/' });

const unit: Facts['unitState'] = {
  ...recorded('unitState', 'failed-exit'),
  activeState: 'active',
  subState: 'running',
  restarts: 0,
  execMainStartAt: '2026-11-22T10:43:50.000Z',
};
const listener = {
  kind: 'tcp' as const,
  address: '127.0.0.1',
  port: 8000,
  queued: 4,
  queuedAgain: 5,
  limit: 16,
  line: 'tcp LISTEN 4 16 127.0.0.1:8000',
  lineAgain: null,
};
const processes = recorded('unitProcesses', 'healthy');
const client = {
  pids: [],
  inbound: true,
  accepted: true,
  peer: '10.0.0.1',
  peerPort: 40_000,
  lastSentMs: 5,
  lastReceivedMs: 900,
  heard: true,
  line: '0 0 127.0.0.1:8000 10.0.0.1:40000',
};
const none: Facts['workerSockets'] = { by: 'process', sockets: [], cut: false };
const loading = {
  unit,
  sockets: [listener] as Facts['listenSockets'],
  processes,
  workerSockets: none,
};

describe('a unit that runs and takes no connection yet', () => {
  it('loads, where connections wait and none was taken', () => {
    expect(loadingOf(loading, given, Date.parse(NOW))).toEqual({
      seconds: 10,
      queued: 4,
      line: listener.line,
    });
  });

  it.each([
    ['was started long ago', { unit: { ...unit, execMainStartAt: '2026-11-22T10:42:00.000Z' } }],
    ['was started again by systemd', { unit: { ...unit, restarts: 3 } }],
    ['is not active', { unit: { ...unit, activeState: 'activating' } }],
    ['has an empty queue', { sockets: [{ ...listener, queuedAgain: 0 }] }],
    ['holds a connection, be it idle', { workerSockets: { ...none, sockets: [client] } }],
    ['has more sockets than were read', { workerSockets: { ...none, cut: true } }],
    [
      'holds a connection to somebody, as who has loaded does',
      {
        workerSockets: {
          ...none,
          sockets: [
            {
              ...client,
              inbound: false,
              pids: [processes.processes.at(-1)?.pid ?? 0],
              lastSentMs: 500,
              lastReceivedMs: 800,
            },
          ],
        },
      },
    ],
    ['has no process of its own', { processes: { ...processes, processes: [] } }],
    ['has sockets that were not read', { workerSockets: undefined }],
  ])('does not where it %s', (_name, changed) => {
    expect(loadingOf({ ...loading, ...changed }, given, Date.parse(NOW))).toBeNull();
  });
});
