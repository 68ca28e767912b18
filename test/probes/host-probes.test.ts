import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ClientError } from '../../src/model/client-error.js';
import { probes, type FactName } from '../../src/probes/index.js';
import { fixture, parseOutput, recorded } from '../builders/recorded.js';
import { parseJournal } from '../../src/probes/shell/journal-lines.js';
import { service } from '../helpers/service.js';

const HOST: FactName[] = [
  'cpuPressure',
  'deployActivity',
  'diskSpace',
  'hostClock',
  'hostJournal',
  'kernelTables',
  'listenSockets',
  'memory',
  'release',
  'tcpCounters',
  'unitCgroup',
  'unitJournal',
  'unitProcesses',
  'unitState',
  'workerSockets',
];

const released = service('api', { release: { link: '/srv/api/current' } });

describe('every host probe', () => {
  it.each(HOST.filter((name) => name !== 'hostJournal'))('%s reads what a healthy host printed', (name) => {
    expect(recorded(name, 'healthy', released)).toBeDefined();
  });

  it.each(HOST)('%s refuses garbage', (name) => {
    expect(() => parseOutput(name, 'sh: 1: ss: not found\n', 127, released)).toThrow();
    expect(() => parseOutput(name, '\u0000\u0001 binary \n noise\n', 1, released)).toThrow();
    expect(() => parseOutput(name, '', 1, released)).toThrow();
  });

  it.each(HOST)('%s reads every recorded output, or says why not', (name) => {
    const { id } = probes[name];
    const files = readdirSync(new URL(`../fixtures/${id}/`, import.meta.url));
    for (const file of files) {
      const text = fixture(id, file.replace(/^debian-12-|\.txt$/g, ''));
      try {
        expect(parseOutput(name, text, 0, released)).toBeDefined();
      } catch (error) {
        expect(error).toBeInstanceOf(ClientError);
      }
    }
  });
});

describe('unread', () => {
  it('names the way out where the journal may not be read', () => {
    const denied = {
      code: 'denied',
      message: expect.stringContaining('usermod -aG systemd-journal diag') as string,
    };
    expect(() => recorded('unitJournal', 'denied')).toThrow(expect.objectContaining(denied) as Error);
    expect(() => recorded('hostJournal', 'denied')).toThrow(expect.objectContaining(denied) as Error);
  });

  it('asks for the unit where none listens on the port', () => {
    expect(() => recorded('unitState', 'nothing-on-port')).toThrow(
      /no systemd unit that listens on port 8000/,
    );
  });

  it('tells a host without systemd', () => {
    const text =
      "unit api.service\nSystem has not been booted with systemd as init system (PID 1). Can't operate.\nFailed to connect to bus: Host is down\n";
    expect(() => parseOutput('unitState', text, 1)).toThrow(/does not run systemd/);
  });
});

describe('unit-state', () => {
  it.each([
    ['healthy', { loadState: 'loaded', activeState: 'active', subState: 'running', result: 'success' }],
    ['failed-exit', { activeState: 'failed', result: 'exit-code', execMainStatus: 1, restarts: 0 }],
    ['crash-loop', { activeState: 'activating', subState: 'auto-restart', result: 'exit-code' }],
    ['start-limit-hit', { activeState: 'failed', result: 'exit-code', execMainStatus: 3 }],
    ['exec-not-found', { activeState: 'failed', execMainStatus: 203 }],
    ['chdir-failed', { activeState: 'failed', execMainStatus: 200 }],
    ['environment-file-missing', { activeState: 'failed', result: 'resources', execMainStatus: 0 }],
    ['condition-not-met', { activeState: 'inactive', result: 'success', conditionMet: false }],
    ['starting', { activeState: 'activating', subState: 'start' }],
    ['stopping', { activeState: 'deactivating', subState: 'stop-sigterm' }],
    ['stopped', { activeState: 'inactive', inactiveEnterAt: null, execMainStartAt: null }],
    ['masked', { loadState: 'masked' }],
    ['missing', { loadState: 'not-found' }],
    ['found-by-port', { id: 'gunicorn.service' }],
    ['found-by-port-unprivileged', { id: 'gunicorn.service' }],
  ])('%s', (name, expected) => {
    expect(recorded('unitState', name)).toMatchObject(expected);
  });

  it('reads local time of a systemd that knows no --timestamp', () => {
    const text = fixture('unit-state', 'healthy').replaceAll(
      /Timestamp=@\d+/g,
      'Timestamp=Sun 2026-11-22 10:30:31 UTC',
    );
    expect(parseOutput('unitState', text)).toMatchObject({ activeEnterAt: '2026-11-22T10:30:31.000Z' });
  });
});

describe('listen-sockets', () => {
  const queue = (name: string) => recorded('listenSockets', name).find(({ port }) => port === 8000);

  it('reads queue, limit and line of both samples', () => {
    expect(queue('healthy')).toMatchObject({ address: '127.0.0.1', queued: 0, queuedAgain: 0, limit: 4 });
    expect(queue('workers-waiting')).toMatchObject({ queued: 5, queuedAgain: 5, limit: 4 });
  });

  it('tells unix sockets apart', () => {
    expect(recorded('listenSockets', 'healthy')).toContainEqual(
      expect.objectContaining({ kind: 'unix', address: '/run/systemd/private', port: null, limit: 4096 }),
    );
  });
});

describe('unit-processes', () => {
  it('counts files without being allowed to list them', () => {
    expect(recorded('unitProcesses', 'unprivileged').processes[0]).toMatchObject({
      command: 'gunicorn',
      openFiles: 9,
      openFilesLimit: 1024,
    });
  });

  it('measures CPU between the samples', () => {
    const shares = recorded('unitProcesses', 'workers-burning').processes.map(
      ({ cpuShare }) => cpuShare ?? 0,
    );
    expect(shares.filter((share) => share > 0.3)).toHaveLength(3);
    const waiting = recorded('unitProcesses', 'workers-waiting').processes.map(({ cpuShare }) => cpuShare);
    expect(waiting).toEqual([0, 0, 0, 0]);
  });

  it('finds no process of a stopped unit', () => {
    expect(recorded('unitProcesses', 'stopped')).toMatchObject({ count: 0, processes: [] });
  });
});

describe('worker-sockets', () => {
  it('tells requests in work, requests that wait and what the workers asked', () => {
    const { by, sockets } = recorded('workerSockets', 'workers-waiting');
    expect(by).toBe('process');
    expect(sockets.filter(({ inbound, accepted }) => inbound && accepted)).toHaveLength(3);
    expect(sockets.filter(({ inbound, accepted }) => inbound && !accepted)).toHaveLength(5);
    const outbound = sockets.filter(({ inbound }) => !inbound);
    expect(outbound).toHaveLength(3);
    expect(outbound).toContainEqual(
      expect.objectContaining({ peer: '127.0.0.1', peerPort: 6390, heard: false }),
    );
  });

  it('goes by the login where files may not be listed', () => {
    const { by, sockets } = recorded('workerSockets', 'workers-waiting-unprivileged');
    expect(by).toBe('login');
    expect(sockets.map(({ peerPort }) => peerPort)).toEqual([6390, 6390, 6390]);
  });
});

describe('worker-sockets of a login that a proxy on the host shares', () => {
  it('leaves out the other ends of what came in', () => {
    const line = (local: string, remote: string): string =>
      `0 0 ${local} ${remote} uid:33 ino:7 lastsnd:900 lastrcv:900`;
    const lines = [
      line('127.0.0.1:40000', '127.0.0.1:8000'),
      line('127.0.0.1:8000', '127.0.0.1:40000'),
      line('10.0.0.1:50000', '10.0.0.9:5432'),
    ];
    const fact = parseOutput('workerSockets', ['processes 1', 'login 33', 'sockets', ...lines].join('\n'));
    expect(fact).toMatchObject({ by: 'login', sockets: [{ inbound: true }, { peerPort: 5432 }] });
  });

  it("leaves out what it sent to the service's own full queue, whose end nobody has", () => {
    const lines = ['127.0.0.1:41926 127.0.0.1:8000', '10.0.0.1:50000 10.0.0.9:5432'].map(
      (ends) => `0 65 ${ends} uid:33 ino:7 lastsnd:380 lastrcv:3708`,
    );
    const fact = parseOutput('workerSockets', ['processes 1', 'login 33', 'sockets', ...lines].join('\n'));
    expect(fact).toMatchObject({ sockets: [{ peerPort: 5432 }] });
  });
});

describe('unit-journal', () => {
  it('undoes what a log in JSON escapes, and keeps its line as it is, also where it is cut', () => {
    const entry =
      '2026-11-22T10:00:00.000000+0000 web-1 app[7]: {"level": "error", "stack": "line 4\\nTypeError: \\"x\\" is f\\u00fcr us';
    const output = { stdout: `unit api.service\n${entry}\nlogin ana`, exitCode: 0 };
    const [line] = parseJournal('journalctl', output);
    expect(line?.message).toBe('{"level": "error", "stack": "line 4\nTypeError: "x" is für us');
    expect(line?.line).toBe(entry);
    const [plain] = parseJournal('journalctl', {
      stdout: '2026-11-22T10:00:00.000000+0000 web-1 app[7]: C:\\new',
      exitCode: 0,
    });
    expect(plain?.message).toBe('C:\\new');
  });

  it('holds the newest lines, oldest first', () => {
    const { lines } = recorded('unitJournal', 'start-limit-hit');
    expect(lines.at(-1)).toMatchObject({
      process: 'systemd',
      message: expect.stringContaining('Failed to start') as string,
    });
    expect(lines.some(({ message }) => message.includes('Start request repeated too quickly'))).toBe(true);
    const times = lines.map(({ at }) => at);
    expect(times).toEqual([...times].sort());
  });

  it('is empty, not unread, for a unit that never wrote', () => {
    expect(recorded('unitJournal', 'missing').lines).toEqual([]);
  });
});

describe('other facts', () => {
  it('disk-space sees full blocks and full inodes', () => {
    const disks = recorded('diskSpace', 'full');
    expect(disks.find(({ mount }) => mount === '/srv/data')?.usedShare).toBe(1);
    expect(disks.find(({ mount }) => mount === '/var/spool/many')?.inodesUsedShare).toBe(1);
  });

  /** What `df -P` and `df -Pi` print, and the same numbers in the one table of GNU df. */
  const df = (...more: [source: string, space: string, inodes: string, mount: string][]) => {
    const rows = (text: string) =>
      text.split('\n').flatMap((line) => {
        const [, source = '', counts, mount] = /^(\S+) +(.*%) +(\/.*)$/.exec(line) ?? [];
        return counts === undefined ? [] : [[source, counts.replace(/ +/g, ' '), mount ?? '']];
      });
    const [space = [], inodes = []] = fixture('disk-space', 'full').split('inodes\n').map(rows);
    const all = space.map(([source = '', counts = '', mount = ''], place) => {
      return [source, counts, inodes[place]?.[1] ?? '', mount] as const;
    });
    const table = (heading: string, ...columns: number[]) =>
      [heading, ...[...all, ...more].map((row) => columns.map((column) => row[column]).join(' '))].join('\n');
    return {
      two: `${table('Filesystem 1024-blocks Used Available Capacity Mounted on', 0, 1, 3)}\ninodes\n${table('Filesystem Inodes IUsed IFree IUse% Mounted on', 0, 2, 3)}\n`,
      one: `${table('Filesystem 1K-blocks Used Avail Use% Inodes IUsed IFree IUse% Mounted on', 0, 1, 2, 3)}\n`,
    };
  };

  it.each([
    ['- - - -', '/boot/efi'],
    ['0 0 0 -', '/mnt/my disk'],
  ])('disk-space tells the same from one table as from two, also without inodes: %s', (inodes, mount) => {
    const { one, two } = df(['/dev/vda15', '126678 11840 114838 10%', inodes, mount]);
    const disks = parseOutput('diskSpace', one);
    expect(disks).toEqual(parseOutput('diskSpace', two));
    expect(disks).toContainEqual(
      expect.objectContaining({ mount, inodesUsedShare: null, inodesFree: null, inodesLine: null }),
    );
    expect(disks).toContainEqual(
      expect.objectContaining({ mount: '/srv/data', usedShare: 1, inodesUsedShare: 2 / 64, inodesFree: 62 }),
    );
  });

  /** nginx 1.22.1 of Debian 12, built with `--error-log-path=stderr`. */
  const NO_NAME =
    '2026/11/27 20:33:31 [emerg] 22499#22499: host not found in upstream "app.internal" in /etc/nginx/conf.d/images.conf:5';
  it('host-journal keeps why nginx does not start, and nothing else of it', () => {
    const said = (message: string) => `2026-11-27T17:36:36.118204+0000 web-1 nginx[1660]: ${message}`;
    const emerg = 'nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)';
    const lines = [
      'nginx: configuration file /etc/nginx/nginx.conf test failed',
      emerg,
      NO_NAME,
      'nginx: [warn] conflicting server name "shop.test" on 0.0.0.0:80, ignored',
      'a client asked for /nginx: [emerg] out of memory',
    ];
    expect(parseOutput('hostJournal', [...lines.map(said), 'login diag'].join('\n'))).toEqual([
      // What journalctl printed last is the oldest.
      expect.objectContaining({ process: 'nginx', message: NO_NAME }),
      expect.objectContaining({ process: 'nginx', message: emerg, line: said(emerg) }),
    ]);
  });

  it('deploy-activity sees a migration and a lock file', () => {
    expect(recorded('deployActivity', 'healthy')).toEqual({ processes: [], locks: [] });
    expect(recorded('deployActivity', 'migration').processes).toContainEqual(
      expect.objectContaining({ name: 'migration', command: 'python3 manage.py migrate' }),
    );
    expect(recorded('deployActivity', 'locked').locks).toContainEqual(
      expect.objectContaining({ path: '/srv/api/deploy.lock' }),
    );
  });

  it('release tells target and time of the link', () => {
    expect(recorded('release', 'healthy', released)).toMatchObject({
      id: 'releases/r1',
      changedAt: expect.stringMatching(/^2026-/) as string,
    });
  });

  it.each([
    "'/srv/api/current' -> 'releases/r41'",
    '"/srv/api/current" -> "releases/r41"',
    '/srv/api/current -> releases/r41',
  ])('release reads %s', (link) => {
    expect(parseOutput('release', `link 1795032055 ${link}\n`, 0, released)).toMatchObject({
      id: 'releases/r41',
      changedAt: '2026-11-18T20:00:55.000Z',
    });
  });

  it('tcp-counters counts between the samples', () => {
    expect(recorded('tcpCounters', 'workers-waiting')).toMatchObject({ listenOverflows: 0 });
  });

  it('kernel-tables', () => {
    expect(recorded('kernelTables', 'healthy')).toMatchObject({
      conntrack: { used: 0, limit: 262_144 },
      ephemeralPorts: { first: 32_768, last: 60_999 },
    });
  });
});

describe('CPU quota of a unit', () => {
  it.each([
    ['cgroup v2', ['cpu.max:50000 100000'], 0.5],
    ['cgroup v2 without one', ['cpu.max:max 100000'], null],
    ['cgroup v1', ['cpu.cfs_quota_us:200000', 'cpu.cfs_period_us:100000'], 2],
    ['cgroup v1 without one', ['cpu.cfs_quota_us:-1', 'cpu.cfs_period_us:100000'], null],
    ['not read', [], null],
  ])('%s', (_name, files, cpuQuota) => {
    const lines = files.map((file) => `/sys/fs/cgroup/system.slice/api.service/${file}`);
    const output = ['unit api.service', 'group /system.slice/api.service', ...lines].join('\n');
    expect(parseOutput('unitCgroup', output)).toMatchObject({ cpuQuota });
  });
});
