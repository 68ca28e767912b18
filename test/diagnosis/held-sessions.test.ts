import { describe, expect, it } from 'vitest';
import { answer, judgeSituation, type Situation } from './situation.js';

const silent = answer(null, { failure: { rung: 'answer', kind: 'timeout', message: 'no answer' } });
const HOSTS = ['api-1', 'api-2', 'api-3'];
const each = (bad: readonly string[]) =>
  Object.fromEntries(HOSTS.map((host) => [host, bad.includes(host) ? silent : answer(200)]));

const fullWith = (sessions: Record<string, number>, busy: readonly string[]): Situation => ({
  hosts: HOSTS,
  behind: 'haproxy',
  public: [silent],
  app: each(busy),
  health: each(busy),
  members: { 'api-1': 'UP', 'api-2': 'UP', 'api-3': 'UP' },
  sessions,
  failed: [
    { check: 'frontend-full', confidence: 'likely' },
    { check: 'workers-busy', on: busy, workers: 'wait', confidence: 'likely' },
    { check: 'health-endpoint-failing', on: busy },
  ],
});
const verdictOf = (situation: Situation) => {
  const { verdict } = judgeSituation(situation);
  return { root: verdict.chain[0]?.check, hop: verdict.hop };
};

describe('a frontend that is at its limit of sessions, and workers that are busy', () => {
  it('is full by itself where the busy host holds half of the sessions or less', () => {
    const situation = fullWith({ 'api-1': 1, 'api-2': 3, 'api-3': 2 }, ['api-2']);
    expect(verdictOf(situation)).toEqual({ root: 'frontend-full', hop: 'balancer' });
  });

  it('is filled by the one host that holds most of them', () => {
    const situation = fullWith({ 'api-1': 1, 'api-2': 4, 'api-3': 1 }, ['api-2']);
    expect(verdictOf(situation).root).toBe('workers-busy');
  });

  it('is filled by hosts that hold most of them together', () => {
    const situation = fullWith({ 'api-1': 2, 'api-2': 2, 'api-3': 2 }, ['api-2', 'api-3']);
    expect(verdictOf(situation)).toEqual({ root: 'workers-busy', hop: null });
  });
});
