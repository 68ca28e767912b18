import { describe, expect, it } from 'vitest';
import type { Check } from '../../src/checks/define-check.js';
import { portNotListening } from '../../src/checks/port-not-listening.js';
import { unitCrashLooping } from '../../src/checks/unit-crash-looping.js';
import { unitFailed } from '../../src/checks/unit-failed.js';
import { unitInactive } from '../../src/checks/unit-inactive.js';
import { unitMissingOrMasked } from '../../src/checks/unit-missing-or-masked.js';
import { unitStarting } from '../../src/checks/unit-starting.js';
import { unitRestartedRepeatedly } from '../../src/checks/unit-restarted-repeatedly.js';
import { unitStopping } from '../../src/checks/unit-stopping.js';
import { judged } from '../builders/judged.js';
import { recorded } from '../builders/recorded.js';
import { answer } from '../diagnosis/situation.js';
import { service } from '../helpers/service.js';

/** The units of the recordings listen nowhere, so no socket of the port is open. */
const closed = recorded('listenSockets', 'healthy').filter(({ port }) => port !== 8000);
const open = recorded('listenSockets', 'healthy');

const judge = (check: Check, name: string, listenSockets = closed) =>
  judged(check, {
    unitState: recorded('unitState', name),
    unitJournal: recorded('unitJournal', name),
    listenSockets,
  });

const checks = {
  unitInactive,
  unitFailed,
  unitCrashLooping,
  unitStarting,
  unitStopping,
  unitRestartedRepeatedly,
  unitMissingOrMasked,
};

describe('every recorded state fails exactly its own check', () => {
  it.each([
    ['healthy', [], ''],
    ['failed-exit', ['unitFailed'], 'exit status 1 (a module is missing)'],
    ['crash-loop', ['unitCrashLooping'], '(a setting is missing): it waits for its next start'],
    ['start-limit-hit', ['unitCrashLooping'], '(a module is missing): systemd gave up on it'],
    ['exec-not-found', ['unitFailed'], 'exit status 203: its program could not be run'],
    ['chdir-failed', ['unitFailed'], 'exit status 200: its working directory could not be entered'],
    [
      'environment-file-missing',
      ['unitFailed'],
      'systemd could not prepare its start (a setting is missing)',
    ],
    ['port-in-use', ['unitFailed'], 'exit status 1 (its port is in use)'],
    ['start-timeout', ['unitFailed'], 'it took too long to start or stop'],
    ['stop-hung', ['unitFailed'], 'it took too long to start or stop'],
    ['condition-not-met', ['unitInactive'], 'a condition of its start is not met'],
    ['stopped', ['unitInactive'], 'it was stopped'],
    ['starting', ['unitStarting'], '(start)'],
    ['stopping', ['unitStopping'], '(stop-sigterm)'],
    ['masked', ['unitMissingOrMasked'], 'is masked'],
    ['missing', ['unitMissingOrMasked'], 'is not installed'],
  ])('%s', (name, expected, words) => {
    const outcomes = Object.entries(checks).map(([id, check]) => [id, judge(check, name)] as const);
    const failed = outcomes.filter(([, { status }]) => status === 'failed');
    expect(failed.map(([id]) => id)).toEqual(expected);
    for (const [, outcome] of failed) {
      expect(outcome).toMatchObject({
        // Its recording is of the first second of a start, which may still fail for another reason.
        confidence: name === 'starting' ? 'likely' : 'confirmed',
        summary: expect.stringContaining(words) as string,
      });
    }
  });

  it('a crash whose remains are still being ended is a failure, no stop', () => {
    const unitState = {
      ...recorded('unitState', 'stopping'),
      result: 'signal',
      execMainCode: 2,
      execMainStatus: 11,
    };
    expect(judged(unitFailed, { unitState })).toMatchObject({
      status: 'failed',
      summary: 'stopping.service failed: signal 11 (SIGSEGV); what is left of it is being ended',
    });
    expect(judged(unitStopping, { unitState })).toMatchObject({ status: 'skipped' });

    const again = { ...unitState, restarts: 4 };
    const at = '2026-11-22T10:43:50.000Z';
    const message = 'stopping.service: Scheduled restart job, restart counter is at 4.';
    const unitJournal = {
      unit: 'stopping.service',
      lines: [{ at, process: 'systemd', pid: 1, message, line: message }],
    };
    expect(judged(unitFailed, { unitState: again, unitJournal })).toMatchObject({ status: 'skipped' });
    expect(judged(unitCrashLooping, { unitState: again, unitJournal })).toMatchObject({ status: 'failed' });
  });

  it('a unit that stops though nobody asked says so', () => {
    const unitState = recorded('unitState', 'stopping');
    const journal = recorded('unitJournal', 'stopping');
    const unitJournal = {
      ...journal,
      lines: journal.lines.filter(({ message }) => !message.startsWith('Stopping ')),
    };
    expect(judged(unitStopping, { unitState, unitJournal, listenSockets: closed })).toMatchObject({
      status: 'failed',
      summary: expect.stringContaining('its main process ended by itself') as string,
    });
    expect(judged(unitStopping, { unitState, unitJournal, listenSockets: open })).toMatchObject({
      confidence: 'possible',
    });
  });

  it('quotes the line that names the error', () => {
    const outcome = judge(unitFailed, 'port-in-use');
    expect(JSON.stringify(outcome)).toContain("Connection in use: ('127.0.0.1', 8000)");
  });

  it('tells when a stopped unit stopped, from the journal', () => {
    expect(judge(unitInactive, 'stopped')).toMatchObject({ since: '2026-11-22T10:39:29.752Z' });
  });
});

describe('a wrong unit in the inventory is no certain cause', () => {
  it.each([
    ['missing', unitMissingOrMasked],
    ['stopped', unitInactive],
  ])('%s while something listens', (name, check) => {
    expect(judge(check, name, open)).toMatchObject({ status: 'failed', confidence: 'possible' });
  });
});

describe('port-not-listening', () => {
  it('passes with the address', () => {
    expect(judged(portNotListening, { listenSockets: open })).toEqual({
      status: 'passed',
      summary: '127.0.0.1:8000 is open',
    });
  });

  it('is confirmed for an active unit without a listener', () => {
    const unitState = recorded('unitState', 'healthy');
    expect(judged(portNotListening, { listenSockets: closed, unitState })).toMatchObject({
      confidence: 'confirmed',
      summary: 'nothing listens on port 8000 though gunicorn.service is active',
    });
  });

  it('is open for IPv6 only, and refuses whoever asks by IPv4', () => {
    const at = (address: string) =>
      open.map((socket) => (socket.port === 8000 ? { ...socket, address, line: `${address}:8000` } : socket));
    const healthAnswer = answer(null, {
      failure: { rung: 'tcp', kind: 'refused', message: 'Connection refused' },
    });
    expect(judged(portNotListening, { listenSockets: at('[::]'), healthAnswer })).toMatchObject({
      confidence: 'likely',
      summary: 'port 8000 is open for IPv6 only ([::]:8000), and whoever asks by IPv4 is refused',
    });
    const served = { listenSockets: at('[::]'), healthAnswer: answer(200) };
    expect(judged(portNotListening, served)).toMatchObject({ status: 'passed' });
    // A socket that takes both kinds.
    expect(judged(portNotListening, { listenSockets: at('*'), healthAnswer })).toMatchObject({
      status: 'passed',
    });
  });

  it('says how much of the list it left out', () => {
    const [one] = open;
    const many = Array.from({ length: 10 }, (_, index) => ({
      ...one,
      kind: 'tcp' as const,
      port: 9000 + index,
      line: `tcp ${index}`,
    }));
    const judgedMany = judged(portNotListening, { listenSockets: many as typeof open });
    expect(JSON.stringify(judgedMany)).toContain('(and 2 more on other ports)');
  });

  it('sees a port that is open on another address only', () => {
    const listenSockets = open.map((socket) =>
      socket.port === 8000 ? { ...socket, address: '10.1.2.3' } : socket,
    );
    const asked = service('api', { health: 'http://localhost:8000/health/' });
    expect(judged(portNotListening, { listenSockets }, { service: asked })).toMatchObject({
      confidence: 'likely',
    });
  });
});

describe('unit-crash-looping', () => {
  it('sees a loop in the moment when the unit runs', () => {
    const unitState = {
      ...recorded('unitState', 'crash-loop'),
      activeState: 'active',
      subState: 'running',
      execMainStartAt: '2026-11-22T10:43:20.000Z',
    };
    const unitJournal = recorded('unitJournal', 'crash-loop');
    const now = '2026-11-22T10:43:30.000Z';
    const outcome = judged(unitCrashLooping, { unitState, unitJournal }, { now });
    expect(outcome).toMatchObject({
      confidence: 'confirmed',
      summary: expect.stringContaining('(a setting is missing): it has only just started again') as string,
    });
    expect(JSON.stringify(outcome)).toContain('KeyError');
    expect(judged(unitCrashLooping, { unitState }, { now })).toMatchObject({ confidence: 'likely' });
  });

  it('finds the error in the next run where the journal cuts off the last one', () => {
    const unitState = {
      ...recorded('unitState', 'crash-loop'),
      activeState: 'active',
      subState: 'running',
      execMainStartAt: '2026-11-22T10:43:20.000Z',
    };
    const { unit, lines } = recorded('unitJournal', 'crash-loop');
    const end = lines.findLastIndex(({ message }) => message.includes('Main process exited'));
    const [error] = lines.filter(({ message }) => message.startsWith('KeyError: '));
    const unitJournal = { unit, lines: [...lines.slice(end, end + 1), ...(error ? [error] : [])] };
    expect(unitJournal.lines.filter(({ message }) => message.includes('KeyError'))).toEqual([error]);
    const now = '2026-11-22T10:43:30.000Z';
    expect(JSON.stringify(judged(unitCrashLooping, { unitState, unitJournal }, { now }))).toContain(
      'KeyError',
    );
  });

  it('takes one crash for no loop', () => {
    const unitState = {
      ...recorded('unitState', 'crash-loop'),
      activeState: 'active',
      subState: 'running',
      restarts: 1,
      execMainStartAt: '2026-11-22T10:43:20.000Z',
    };
    const { unit, lines } = recorded('unitJournal', 'crash-loop');
    const failures = lines.filter(({ message }) => message.includes('Failed with result'));
    const unitJournal = { unit, lines: failures.slice(-1) };
    const now = '2026-11-22T10:43:30.000Z';
    expect(judged(unitCrashLooping, { unitState, unitJournal }, { now })).toMatchObject({ status: 'passed' });
  });

  it('forgives restarts of long ago', () => {
    const unitState = { ...recorded('unitState', 'healthy'), restarts: 7 };
    const now = '2026-11-22T12:00:00.000Z';
    expect(judged(unitCrashLooping, { unitState }, { now })).toMatchObject({ status: 'passed' });
  });
});

describe('a unit that somebody restarts', () => {
  /** systemd 252 on a restart by order, from a lab run; the times count back from the look. */
  const restart = (secondsAgo: number) =>
    [
      ['Stopping shop.service - Shop...', 0],
      ['shop.service: Deactivated successfully.', 1],
      ['Stopped shop.service - Shop.', 1],
      ['Started shop.service - Shop.', 1],
    ].map(([message, later]) => {
      const at = new Date(Date.parse('2026-11-22T10:44:00.000Z') - secondsAgo * 1000 + Number(later) * 1000);
      const line = `${at.toISOString()} web-1 systemd[1]: ${String(message)}`;
      return { at: at.toISOString(), process: 'systemd', pid: 1, message: String(message), line };
    });
  const look = (secondsAgo: readonly number[], activeState = 'active') =>
    judged(unitRestartedRepeatedly, {
      unitState: { ...recorded('unitState', 'healthy'), id: 'shop.service', activeState },
      unitJournal: { unit: 'shop.service', lines: secondsAgo.flatMap(restart) },
    });

  it('every two seconds is no person', () => {
    expect(look([14, 12, 10, 8, 6, 4, 2])).toMatchObject({
      status: 'failed',
      confidence: 'likely',
      summary:
        'shop.service is told to stop and started again, again and again: 7 times in 2 min; it did not crash',
    });
  });
  it('each half minute is a hint', () => {
    expect(look([100, 70, 40, 10])).toMatchObject({ status: 'failed', confidence: 'possible' });
  });
  it('is not counted where its journal does not go back far enough', () => {
    expect(look([20, 10])).toMatchObject({ status: 'skipped' });
    expect(look([130, 10])).toMatchObject({ status: 'passed' });
  });
  it.each([
    ['thrice, as who tries things', [130, 60, 30, 3], 'active'],
    ['often, and not for half a minute', [110, 100, 90, 80, 70, 40], 'active'],
    ['often, and then left it stopped', [14, 12, 10, 8, 6], 'inactive'],
    ['often, and now it ends by itself', [14, 12, 10, 8, 6], 'deactivating'],
  ])('%s', (_name, secondsAgo, activeState) => {
    expect(look(secondsAgo, activeState)).toMatchObject({ status: 'passed' });
  });
});
