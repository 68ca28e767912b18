import { describe, expect, it } from 'vitest';
import { answer, judgeSituation, type Situation } from './situation.js';

const silent = answer(null, { failure: { rung: 'answer', kind: 'timeout', message: 'no answer' } });
const HOSTS = ['api-1', 'api-2', 'api-3'];
const each = (bad: readonly string[]) =>
  Object.fromEntries(HOSTS.map((host) => [host, bad.includes(host) ? silent : answer(200)]));
const allOf = (...counts: readonly number[]) =>
  Object.fromEntries(counts.map((count, place) => [`api-${String(place + 1)}`, count]));

const fullWith = (
  held: readonly number[],
  { of, sick = [], failed = [] }: { of?: number; sick?: readonly string[]; failed?: Situation['failed'] },
): Situation => ({
  hosts: HOSTS,
  behind: 'haproxy',
  dependencies: ['payments'],
  public: [silent],
  app: each(sick),
  health: each(sick),
  members: { 'api-1': 'UP', 'api-2': 'UP', 'api-3': 'UP' },
  sessions: allOf(...held),
  fullFrontend: of ?? held.reduce((sum, count) => sum + count, 0),
  failed: [
    { check: 'frontend-full', confidence: 'likely' },
    { check: 'health-endpoint-failing', on: sick },
    ...failed,
  ],
});
const rootOf = (...args: Parameters<typeof fullWith>) =>
  judgeSituation(fullWith(...args)).verdict.chain[0]?.check;

describe('a frontend that is at its limit of sessions, and hosts that are sick', () => {
  const busy = (...on: readonly string[]) => ({
    sick: on,
    failed: [{ check: 'workers-busy', on, workers: 'wait', confidence: 'likely' }] as const,
  });

  it('is full by itself where the busy host holds half of the sessions or less', () => {
    const { verdict } = judgeSituation(fullWith([1, 3, 2], busy('api-2')));
    expect(verdict).toMatchObject({ hop: 'balancer', confidence: 'likely' });
    expect(verdict.chain[0]?.check).toBe('frontend-full');
  });

  it('is filled by the one host that holds most of them', () => {
    expect(rootOf([1, 4, 1], busy('api-2'))).toBe('workers-busy');
  });

  it('is filled by hosts that hold most of them together', () => {
    const { verdict } = judgeSituation(fullWith([2, 2, 2], busy('api-2', 'api-3')));
    expect(verdict.chain[0]?.check).toBe('workers-busy');
    expect(verdict.hop).toBeNull();
  });

  it('is filled by the host that holds twice as many as any other', () => {
    expect(rootOf([300, 600, 300], busy('api-2'))).toBe('workers-busy');
  });

  it('is full by itself where others than the members hold its sessions', () => {
    expect(rootOf([1, 4, 1], { ...busy('api-2'), of: 2000 })).toBe('frontend-full');
  });

  it.each(['cpu-saturated', 'disk-full', 'file-descriptors-exhausted'])('is filled for %s', (check) => {
    const failed = [{ check, on: 'api-2', confidence: 'likely' }] as const;
    expect(rootOf([20, 950, 30], { sick: ['api-2'], failed })).toBe(check);
  });
});

describe('a frontend that is at its limit of sessions, before an app that serves our own page well', () => {
  const FULL = [333, 333, 333];

  it('is full by itself', () => {
    expect(rootOf(FULL, {})).toBe('frontend-full');
  });

  it.each(['sessions-blocked-by-lock', 'dependency-slow', 'member-unreachable', 'proxy-not-answering'])(
    'is filled by requests that wait for %s',
    (check) => {
      expect(rootOf(FULL, { failed: [{ check }] })).toBe(check);
    },
  );

  it.each(['dependency-unreachable', 'certificate-expired', 'connections-exhausted'])(
    'is not filled by %s, which fails at once',
    (check) => {
      expect(rootOf(FULL, { failed: [{ check }] })).toBe('frontend-full');
    },
  );

  it('has nothing to do with what is slow where the members hold no session', () => {
    expect(rootOf([0, 0, 0], { of: 2000, failed: [{ check: 'dependency-slow' }] })).toBe('frontend-full');
  });
});
